// Reduce, AveragePool2d, ArgMax and MatMul: values by hand, access, and what importers make of a
// file's axes.
#include "access_of.h"
#include "nodes.h"
#include "ops/evaluate.h"

namespace thimble::ops {
namespace {

ir::Graph reduce_graph(const ir::Type &input, const char *kind, std::vector<std::int64_t> axes,
                       std::optional<ir::Quant> output = {}) {
  return one_node("Reduce", input, {}, {{"kind", std::string(kind)}, {"axes", axes}}, output);
}

TEST(Reduce, FoldsRowsIntoOneSumAnOutputElement) {
  const ir::Graph graph = reduce_graph(float_type(8, 8, 16), "mean", {0, 1});
  const auto modes = kept_modes(graph);
  ASSERT_EQ(modes.size(), 1u);
  EXPECT_EQ(modes[0].inputs[0].kind, AccessKind::kAccumulate);
  EXPECT_EQ(modes[0].state_bytes, 64);
}

TEST(Reduce, ReadsItsOwnRowWhereRowsStay) {
  const auto modes = kept_modes(reduce_graph(float_type(3, 4, 5), "sum", {2}));
  ASSERT_EQ(modes.size(), 1u);
  EXPECT_EQ(modes[0].inputs[0].kind, AccessKind::kWindow);
  EXPECT_EQ(modes[0].inputs[0].rows, (std::vector<Range>{{0, 1}, {1, 2}, {2, 3}}));
}

TEST(Reduce, ByHand) {
  const Tensor in{float_type(2, 2, 2), {1, -2, 3, 4, 5, 6, -7, 8}, {}};
  const auto reduced = [&](const char *kind, std::vector<std::int64_t> axes) {
    return eval_node(reduce_graph(in.type, kind, std::move(axes)), in).f32;
  };
  EXPECT_EQ(reduced("sum", {0}), (std::vector<float>{6, 4, -4, 12}));
  EXPECT_EQ(reduced("max", {1}), (std::vector<float>{3, 4, 5, 8}));
  EXPECT_EQ(reduced("min", {2}), (std::vector<float>{-2, 3, 5, -7}));
  EXPECT_EQ(reduced("mean", {0, 1}), (std::vector<float>{0.5f, 4}));
  EXPECT_EQ(reduced("prod", {0, 2}), (std::vector<float>{-60, -672}));
  EXPECT_EQ(reduced("l1", {0, 1}), (std::vector<float>{16, 20}));
  EXPECT_EQ(reduced("sum_square", {0, 1}), (std::vector<float>{84, 120}));
}

TEST(Reduce, Int8MeanByHand) {
  const ir::Type type = int_type(2, 1, 2, 0.5f, -3);
  const ir::Graph graph = reduce_graph(type, "mean", {0}, ir::Quant{0.25f, 4});
  // (5 + 3 + 10 + 3) / 2 = 10.5, times 2: 21; (-10 + 3 + 20 + 3) / 2 = 8, times 2: 16.
  EXPECT_EQ(eval_node(graph, {type, {}, {5, -10, 10, 20}}).i8, (std::vector<std::int8_t>{25, 20}));
}

TEST(AveragePool, CountsPaddingOnlyWhereToldTo) {
  const ir::Attributes window = {
      {"kernel", list({2, 2})}, {"stride", list({2, 2})}, {"pad", list({1, 1, 1, 1})}};
  ir::Attributes counted = window;
  counted["counted"] = list({1, 1, 1, 1});
  const Tensor in{float_type(2, 2, 1), {1, 2, 3, 4}, {}};
  EXPECT_EQ(eval_node(one_node("AveragePool2d", in.type, {}, window), in).f32, in.f32);
  EXPECT_EQ(eval_node(one_node("AveragePool2d", in.type, {}, counted), in).f32,
            (std::vector<float>{0.25f, 0.5f, 0.75f, 1}));
}

TEST(AveragePool, Int8RoundsHalvesAwayFromZero) {
  const ir::Type type = int_type(1, 6, 1, 0.5f, 0);
  const ir::Graph graph =
      one_node("AveragePool2d", type, {}, {{"kernel", list({1, 2})}, {"stride", list({1, 2})}});
  EXPECT_EQ(eval_node(graph, {type, {}, {1, 2, -1, -2, -3, 2}}).i8,
            (std::vector<std::int8_t>{2, -2, -1}));
}

TEST(ArgMax, TakesTheFirstOfEqualsOrTheLast) {
  const Tensor in{float_type(1, 2, 3), {1, 5, 5, 2, 2, 0}, {}};
  const auto places = [&](std::int64_t least, std::int64_t last) {
    return eval_node(one_node("ArgMax", in.type, {}, {{"least", least}, {"last", last}}), in).f32;
  };
  EXPECT_EQ(places(0, 0), (std::vector<float>{1, 0}));
  EXPECT_EQ(places(0, 1), (std::vector<float>{2, 1}));
  EXPECT_EQ(places(1, 0), (std::vector<float>{0, 2}));
}

// What the network `node` of one input computes, in the file's order of both.
std::vector<float> imported(const Dims &dims, const char *op,
                            std::map<std::string, ForeignAttribute> attributes,
                            const std::vector<float> &input) {
  ForeignNode node{"node", "onnx", op, 13, {"x"}, {"y"}, std::move(attributes)};
  const auto graph = import_graph(foreign(dims, node, {}));
  EXPECT_TRUE(graph.ok()) << messages(graph);
  if (!graph.ok()) return {};
  const ir::Port &in = graph->inputs()[0], &out = graph->outputs()[0];
  Tensor tensor{graph->value(in.value).type, {}, {}};
  for (const std::int64_t i : stored_order(in, tensor.type.shape)) tensor.f32.push_back(input[i]);
  const Tensor result = evaluate_outputs(*graph, {}, {tensor})[0];
  std::vector<float> in_file_order(result.f32.size());
  const auto order = stored_order(out, result.type.shape);
  for (std::size_t i = 0; i < order.size(); ++i) in_file_order[order[i]] = result.f32[i];
  return in_file_order;
}

// Every subset of the axes of a tensor of four, batch included, against plain sums.
TEST(ReduceImport, ReducesAnyAxes) {
  for (const Dims &dims : {Dims{1, 3, 4, 2}, Dims{2, 3, 2, 5}})
    for (int chosen = 1; chosen < 16; ++chosen) {
      Dims axes;
      for (int axis = 0; axis < 4; ++axis)
        if (chosen >> axis & 1) axes.push_back(axis);
      const auto input = noises(dims[0] * dims[1] * dims[2] * dims[3]);
      std::map<std::int64_t, double> sums;
      for (std::size_t i = 0; i < input.size(); ++i) {
        std::int64_t rest = static_cast<std::int64_t>(i), to = 0, stride = 1;
        for (int axis = 3; axis >= 0; rest /= dims[axis--]) {
          if (chosen >> axis & 1) continue;
          to += rest % dims[axis] * stride;
          stride *= dims[axis];
        }
        sums[to] += input[i];
      }
      const auto result = imported(dims, "ReduceSum", {{"axes", axes}, {"keepdims", 0}}, input);
      ASSERT_EQ(result.size(), sums.size()) << chosen;
      for (const auto &[to, sum] : sums) EXPECT_NEAR(result[to], sum, 1e-5) << chosen;
    }
}

TEST(SoftmaxImport, NormalisesAnyAxis) {
  const auto input = noises(2 * 3 * 4);
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    const auto result = imported({2, 3, 4}, "Softmax", {{"axis", axis}}, input);
    const auto sums =
        imported({2, 3, 4}, "ReduceSum", {{"axes", Dims{axis}}, {"keepdims", 0}}, result);
    EXPECT_FALSE(is_constant(result));
    for (const float sum : sums) EXPECT_NEAR(sum, 1, 1e-5);
  }
}

}  // namespace
}  // namespace thimble::ops
