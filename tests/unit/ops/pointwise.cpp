// Activations, softmax, Add and the evaluators: hand-computed values, and integers against floats.
#include <algorithm>
#include <cmath>

#include "file_order.h"
#include "nodes.h"
#include "ops/evaluate.h"

namespace thimble::ops {
namespace {

// The int8 node against the float one on the same numbers: largest difference in output levels.
double int_error(const std::string &op, const ir::Type &in, std::optional<ir::Quant> out) {
  const ir::Graph integer = one_node(op, in, {}, {}, out);
  const ir::Graph real = one_node(op, {in.shape, ir::DType::kF32, {}}, {}, {});
  const Tensor sampled = sample(in);
  const Tensor got = eval_node(integer, sampled);
  const Tensor expected = eval_node(real, {{in.shape, ir::DType::kF32, {}}, to_real(sampled), {}});
  EXPECT_FALSE(is_constant(got.i8));
  const auto reals = to_real(got);
  double worst = 0;
  for (std::size_t i = 0; i < reals.size(); ++i)
    worst = std::max(worst, std::abs(double{reals[i]} - expected.f32[i]) / got.type.quant->scale);
  return worst;
}

TEST(Relu, CutsAtZero) {
  const Tensor in{float_type(1, 1, 4), {-2, -0.5f, 0, 3}, {}};
  EXPECT_EQ(eval_node(one_node("Relu", in.type, {}, {}), in).f32, (std::vector<float>{0, 0, 0, 3}));
}

TEST(Relu, CutsIntegersAtTheZeroPoint) {
  const Tensor in{int_type(1, 1, 4, 0.5f, -10), {}, {-128, -11, -10, 127}};
  EXPECT_EQ(eval_node(one_node("Relu", in.type, {}, {}), in).i8,
            (std::vector<std::int8_t>{-10, -10, -10, 127}));
}

TEST(Sigmoid, IsWithinHalfALevel) {
  EXPECT_LE(int_error("Sigmoid", int_type(4, 4, 4, 0.05f, 3), ir::Quant{1.0f / 256, -128}), 0.501);
}

TEST(Sigmoid, AcceptsAZeroPointBeyondInt8) {
  EXPECT_LE(int_error("Sigmoid", int_type(4, 4, 4, 0.0004f, 3), ir::Quant{0.0001f, -5000}), 0.501);
}

TEST(HardSwish, IsZeroBelowMinusThreeAndTheIdentityAboveThree) {
  const Tensor in{float_type(1, 1, 4), {-4, -1.5f, 1.5f, 4}, {}};
  EXPECT_EQ(eval_node(one_node("HardSwish", in.type, {}, {}), in).f32,
            (std::vector<float>{0, -0.375f, 1.125f, 4}));
}

TEST(HardSwish, IsWithinHalfALevel) {
  EXPECT_LE(int_error("HardSwish", int_type(4, 4, 4, 0.05f, 3), ir::Quant{0.03f, -100}), 0.501);
}

TEST(Softmax, SumsToOne) {
  const Tensor in{float_type(1, 2, 2), {0, std::log(3.0f), 100, 100}, {}};
  const Tensor out = eval_node(one_node("Softmax", in.type, {}, {}), in);
  for (const auto &[at, value] : {std::pair{0, 0.25f}, {1, 0.75f}, {2, 0.5f}, {3, 0.5f}})
    EXPECT_NEAR(out.f32[at], value, 1e-6);
}

TEST(Softmax, IntegersAreWithinALevel) {
  for (const float scale : {0.004f, 0.03f, 0.2f, 2.0f})
    for (const int channels : {2, 10, 100})
      EXPECT_LE(
          int_error("Softmax", int_type(3, 2, channels, scale, 5), ir::Quant{1.0f / 256, -128}),
          1.01)
          << scale << " " << channels;
}

TEST(LogSoftmax, IsTheLogarithmOfSoftmax) {
  const Tensor in{float_type(1, 1, 3), {1, 2, -7}, {}};
  const Tensor plain = eval_node(one_node("Softmax", in.type, {}, {}), in);
  const Tensor log = eval_node(one_node("LogSoftmax", in.type, {}, {}), in);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(log.f32[i], std::log(plain.f32[i]), 1e-5);
}

TEST(LogSoftmax, IntegersAreWithinALevelWhereTheyDoNotSaturate) {
  for (const float scale : {0.01f, 0.1f, 0.3f})
    for (const int channels : {2, 10, 300})
      EXPECT_LE(int_error("LogSoftmax", int_type(3, 2, channels, scale, -5),
                          ir::Quant{(256 * scale + 6) / 255, 127}),
                1.05)
          << scale << " " << channels;
}

TEST(LogSoftmax, SurvivesScalesThatDifferWildly) {
  for (const float in : {1e-6f, 1.0f, 1e6f})
    for (const float out : {1e-6f, 1.0f, 1e6f}) {
      const Tensor sampled = sample(int_type(1, 1, 10, in, 0));
      const auto graph = one_node("LogSoftmax", sampled.type, {}, {}, ir::Quant{out, 127});
      EXPECT_EQ(eval_node(graph, sampled).i8.size(), 10u);
    }
}

TEST(Softmax, TakesAnyAxisAndBeforeOpset13AllFromItOn) {
  const auto sums = [](Dims dims, std::int64_t axis, int version, std::size_t together) {
    const ForeignNode node{"s", "onnx", "Softmax", version, {"x"}, {"y"}, {{"axis", axis}}};
    const auto out = run_file_order(imported(dims, node, {}, dims));
    double sum = 0;  // of a run of the file's last elements
    for (std::size_t i = out.size() - together; i < out.size(); ++i) sum += out[i];
    return sum;
  };
  EXPECT_NEAR(sums({1, 10}, -1, 13, 10), 1, 1e-6);
  EXPECT_NEAR(sums({1, 3, 4, 5}, -1, 13, 5), 1, 1e-6);
  EXPECT_NEAR(sums({1, 3, 4, 5}, 1, 13, 60), 20, 1e-5);
  EXPECT_NEAR(sums({1, 3, 4, 5}, 1, 11, 60), 1, 1e-6);
}

ir::Graph add_graph(const ir::Type &a, const ir::Type &b, std::optional<ir::Quant> out,
                    ir::Attributes attributes = {}) {
  ir::Graph graph;
  const ir::ValueId x = graph.add_value("a", a), z = graph.add_value("b", b);
  graph.add_input(x, {});
  graph.add_input(z, {});
  ir::Type type = a;
  if (out) type.quant = out;
  const ir::ValueId y = graph.add_value("y", type);
  graph.add_node({"add", "Add", {x, z}, {}, {y}, std::move(attributes)});
  graph.add_output(y, {});
  return graph;
}

TEST(Add, ClampsAsTheFusedReluSays) {
  const ir::Type type = float_type(1, 1, 3);
  const ir::Graph graph = add_graph(type, type, {}, {{"act", std::string("relu")}});
  const Tensor a{type, {1, 2, -3}, {}}, b{type, {10, -5, 4}, {}};
  EXPECT_EQ(evaluate_outputs(graph, {}, {a, b})[0].f32, (std::vector<float>{11, 0, 1}));
}

TEST(Add, IntegersAreWithinALevel) {
  const ir::Type a_type = int_type(3, 3, 7, 0.02f, 4), b_type = int_type(3, 3, 7, 0.003f, -100);
  const ir::Graph graph = add_graph(a_type, b_type, ir::Quant{0.025f, -7});
  const Tensor a = sample(a_type, 1), b = sample(b_type, 2);
  for (const auto requant : {targets::Requant::kM16, targets::Requant::kQ31}) {
    const Tensor got = evaluate_outputs(graph, {requant}, {a, b})[0];
    EXPECT_FALSE(is_constant(got.i8));
    const auto x = to_real(a), y = to_real(b), sum = to_real(got);
    for (std::size_t i = 0; i < sum.size(); ++i)
      if (std::abs(got.i8[i]) < 127) {
        EXPECT_NEAR(sum[i], x[i] + y[i], 0.025 * 0.51);
      }
  }
}

TEST(Numbers, RoundHalfAwayFromZeroAndSaturate) {
  const ir::Type type = int_type(1, 1, 5, 0.5f, 10);
  EXPECT_EQ(from_real(type, {0.25f, -0.25f, 1000, -1000, NAN}).i8,
            (std::vector<std::int8_t>{11, 9, 127, -128, 10}));
  EXPECT_EQ(to_real({int_type(1, 1, 2, 0.5f, 10), {}, {10, -128}}), (std::vector<float>{0, -69}));
}

}  // namespace
}  // namespace thimble::ops
