// Functions of elements: each against C++'s own mathematics in double, with the numbers that are
// not; operands that broadcast against an index computed here; integers against floats.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "nodes.h"
#include "ops/broadcast.h"
#include "ops/evaluate.h"

namespace thimble::ops {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Unary {
  std::string op;
  std::function<double(double)> f;
  ir::Attributes attributes = {};
  double from = -3, to = 3;
};

double softplus(double x) { return std::log1p(std::exp(x)); }

const std::vector<Unary> &unaries() {
  static const std::vector<Unary> all = {
      {"Relu", [](double x) { return x > 0 ? x : 0; }},
      {"Sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
      {"Tanh", [](double x) { return std::tanh(x); }},
      {"HardSigmoid",
       [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); },
       {{"alpha", 0.2}, {"beta", 0.5}}},
      {"HardSwish", [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }},
      {"Swish", [](double x) { return x / (1 + std::exp(-1.5 * x)); }, {{"alpha", 1.5}}},
      {"Mish", [](double x) { return x * std::tanh(softplus(x)); }},
      {"Elu",
       [](double x) { return 2 * (x > 0 ? x : 1.5 * (std::exp(0.5 * x) - 1)); },
       {{"alpha", 1.5}, {"beta", 2.0}, {"gamma", 0.5}}},
      {"Celu", [](double x) { return x > 0 ? x : 2 * (std::exp(x / 2) - 1); }, {{"alpha", 2.0}}},
      {"Gelu", [](double x) { return x * (1 + std::erf(x / std::sqrt(2.0))) / 2; }},
      {"GeluTanh",
       [](double x) {
         return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
       }},
      {"LeakyRelu", [](double x) { return x < 0 ? 0.1 * x : x; }, {{"alpha", 0.1}}},
      {"ThresholdedRelu",
       [](double x) { return x > 0.7 ? x : -0.2; },
       {{"alpha", 0.7}, {"beta", -0.2}}},
      {"Softplus",
       [](double x) { return 2 * x > 5 ? x : softplus(2 * x) / 2; },
       {{"alpha", 2.0}, {"beta", 5.0}}},
      {"Softsign", [](double x) { return x / (1 + std::abs(x)); }},
      {"Shrink",
       [](double x) { return x < -0.5  ? x + 0.2
                             : x > 0.5 ? x - 0.2
                                       : 0; },
       {{"alpha", 0.5}, {"beta", 0.2}}},
      {"Clip", [](double x) { return std::clamp(x, -1.0, 2.0); }, {{"alpha", -1.0}, {"beta", 2.0}}},
      {"Abs", [](double x) { return std::abs(x); }},
      {"Neg", [](double x) { return -x; }},
      {"Sign", [](double x) { return double((x > 0) - (x < 0)); }},
      {"Floor", [](double x) { return std::floor(x); }},
      {"Ceil", [](double x) { return std::ceil(x); }},
      {"Round", [](double x) { return std::nearbyint(x); }},
      {"Trunc", [](double x) { return std::trunc(x); }},
      {"Reciprocal", [](double x) { return 1 / x; }, {}, 0.1, 3},
      {"Sqrt", [](double x) { return std::sqrt(x); }, {}, 0, 3},
      {"Rsqrt", [](double x) { return 1 / std::sqrt(x); }, {}, 0.1, 3},
      {"Exp", [](double x) { return std::exp(x); }},
      {"Exp2", [](double x) { return std::exp2(x); }},
      {"Log", [](double x) { return std::log(x); }, {}, 0.1, 3},
      {"Log2", [](double x) { return std::log2(x); }, {}, 0.1, 3},
      {"Log10", [](double x) { return std::log10(x); }, {}, 0.1, 3},
      {"Erf", [](double x) { return std::erf(x); }},
      {"Sin", [](double x) { return std::sin(x); }},
      {"Cos", [](double x) { return std::cos(x); }},
      {"Tan", [](double x) { return std::tan(x); }, {}, -1, 1},
      {"Asin", [](double x) { return std::asin(x); }, {}, -1, 1},
      {"Acos", [](double x) { return std::acos(x); }, {}, -1, 1},
      {"Atan", [](double x) { return std::atan(x); }},
      {"Sinh", [](double x) { return std::sinh(x); }},
      {"Cosh", [](double x) { return std::cosh(x); }},
      {"Asinh", [](double x) { return std::asinh(x); }},
      {"Acosh", [](double x) { return std::acosh(x); }, {}, 1, 4},
      {"Atanh", [](double x) { return std::atanh(x); }, {}, -0.9, 0.9},
  };
  return all;
}

Tensor between(int count, double from, double to) {
  Tensor tensor{float_type(1, count, 1), {}, {}};
  for (int i = 0; i < count; ++i)
    tensor.f32.push_back(static_cast<float>(from + (to - from) * i / (count - 1)));
  return tensor;
}

TEST(Unary, IsItsFunction) {
  for (const Unary &one : unaries()) {
    const Tensor in = between(61, one.from, one.to);
    const Tensor out = eval_node(one_node(one.op, in.type, {}, one.attributes), in);
    EXPECT_FALSE(is_constant(out.f32)) << one.op;
    for (std::size_t i = 0; i < in.f32.size(); ++i) {
      const double expected = one.f(in.f32[i]);
      EXPECT_NEAR(out.f32[i], expected, 2e-6 * std::max(1.0, std::abs(expected)))
          << one.op << " of " << in.f32[i];
    }
  }
}

TEST(Unary, IntegersAreATableWithinHalfALevel) {
  for (const Unary &one : unaries()) {
    const auto middle = static_cast<float>((one.from + one.to) / 2);
    const auto in_scale = static_cast<float>((one.to - one.from) / 260);
    Tensor in{int_type(1, 200, 1, in_scale, static_cast<int>(-middle / in_scale)), {}, {}};
    for (int i = 0; i < 200; ++i) in.i8.push_back(static_cast<std::int8_t>(i - 100));
    const ir::Quant out_quant{0.05f, 3};
    const auto got = eval_node(
        one_node(one.op, in.type, {}, one.attributes, one.op == "Relu" ? in.type.quant : out_quant),
        in);
    const auto real_in = to_real(in), real_out = to_real(got);
    EXPECT_FALSE(is_constant(got.i8)) << one.op;
    for (std::size_t i = 0; i < real_in.size(); ++i) {
      if (got.i8[i] == -128 || got.i8[i] == 127) continue;
      EXPECT_NEAR(real_out[i], one.f(real_in[i]), 0.501 * got.type.quant->scale)
          << one.op << " of " << real_in[i];
    }
  }
}

std::vector<float> of(const std::string &op, std::vector<float> x, ir::Attributes attributes = {}) {
  const Tensor in{float_type(1, 1, static_cast<int>(x.size())), x, {}};
  return eval_node(one_node(op, in.type, {}, std::move(attributes)), in).f32;
}

TEST(Unary, TruthIsOneOrZero) {
  EXPECT_EQ(of("IsNaN", {1, kNaN, kInf}), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(of("Not", {1, 0, -2}), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(of("Bool", {1, 0, -2, kNaN}), (std::vector<float>{1, 0, 1, 1}));
  EXPECT_EQ(of("IsInf", {kInf, -kInf, kNaN, 3}, {{"alpha", 1.0}, {"beta", 1.0}}),
            (std::vector<float>{1, 1, 0, 0}));
  EXPECT_EQ(of("IsInf", {kInf, -kInf}, {{"alpha", 1.0}, {"beta", 0.0}}),
            (std::vector<float>{0, 1}));
}

TEST(Unary, WhatIsNotANumberStaysSo) {
  for (const char *op : {"Relu", "Sign", "Abs", "Tanh", "Floor", "Clip", "LeakyRelu"})
    EXPECT_TRUE(std::isnan(of(op, {kNaN}, {{"alpha", -1.0}, {"beta", 1.0}})[0])) << op;
  EXPECT_EQ(of("Clip", {kInf, -kInf}, {{"alpha", -double{kInf}}, {"beta", 6.0}}),
            (std::vector<float>{6, -kInf}));
}

TEST(Unary, HalvesAreRoundedToEven) {
  EXPECT_EQ(of("Round", {0.5f, 1.5f, 2.5f, -0.5f, -1.5f}),
            (std::vector<float>{0, 2, 2, -0.0f, -2}));
}

// x, y -> node -> out.
ir::Graph two_inputs(const std::string &op, const ir::Type &a, const ir::Type &b,
                     std::optional<ir::Quant> out = {}) {
  ir::Graph graph;
  const ir::ValueId x = graph.add_value("a", a), z = graph.add_value("b", b);
  graph.add_input(x, {});
  graph.add_input(z, {});
  ir::Node node{"node", op, {x, z}, {}, {}, {}};
  const auto types = find_operator(op)->infer(graph, node);
  EXPECT_TRUE(types.ok()) << messages(types);
  ir::Type type = types->front();
  if (out) type.quant = out;
  node.outputs = {graph.add_value("y", type)};
  graph.add_output(node.outputs[0], {});
  graph.add_node(std::move(node));
  return graph;
}

TEST(Binary, IsItsFunction) {
  const std::vector<float> a{-5.5f, 5.5f, 0, 3, -2, 0}, b{2, -2, 1, 3, 2, 0};
  const std::vector<std::pair<std::string, std::vector<float>>> expected = {
      {"Add", {-3.5f, 3.5f, 1, 6, 0, 0}},  {"Sub", {-7.5f, 7.5f, -1, 0, -4, 0}},
      {"Mul", {-11, -11, 0, 9, -4, 0}},    {"Min", {-5.5f, -2, 0, 3, -2, 0}},
      {"Max", {2, 5.5f, 1, 3, 2, 0}},      {"PRelu", {-11, 5.5f, 0, 3, -4, 0}},
      {"And", {1, 1, 0, 1, 1, 0}},         {"Or", {1, 1, 1, 1, 1, 0}},
      {"Xor", {0, 0, 1, 0, 0, 0}},         {"Equal", {0, 0, 0, 1, 0, 1}},
      {"NotEqual", {1, 1, 1, 0, 1, 0}},    {"Less", {1, 0, 1, 0, 1, 0}},
      {"LessOrEqual", {1, 0, 1, 1, 1, 1}},
  };
  const ir::Type type = float_type(1, 1, 6);
  for (const auto &[op, wanted] : expected)
    EXPECT_EQ(
        evaluate_outputs(two_inputs(op, type, type), {}, {{type, a, {}}, {type, b, {}}})[0].f32,
        wanted)
        << op;
}

float of_two(const std::string &op, float a, float b) {
  const ir::Type type = float_type(1, 1, 1);
  return evaluate_outputs(two_inputs(op, type, type), {}, {{type, {a}, {}}, {type, {b}, {}}})[0]
      .f32[0];
}

TEST(Binary, RemaindersHaveTheSignOfTheOneOrTheOther) {
  EXPECT_EQ(of_two("Fmod", -5.5f, 2), -1.5f);
  EXPECT_EQ(of_two("Mod", -5.5f, 2), 0.5f);
  EXPECT_EQ(of_two("Fmod", 5.5f, -2), 1.5f);
  EXPECT_EQ(of_two("Mod", 5.5f, -2), -0.5f);
  EXPECT_EQ(of_two("Mod", 4, 2), 0.0f);
  EXPECT_EQ(of_two("Div", 3, 0), kInf);
  EXPECT_EQ(of_two("Pow", 2, -1), 0.5f);
  EXPECT_FLOAT_EQ(of_two("Atan2", -1, -1), -0.75f * static_cast<float>(M_PI));
}

TEST(Binary, ExtremesOfWhatIsNotANumberAreNotNumbers) {
  for (const char *op : {"Min", "Max"}) {
    EXPECT_TRUE(std::isnan(of_two(op, kNaN, 1)));
    EXPECT_TRUE(std::isnan(of_two(op, 1, kNaN)));
  }
}

// The int8 operator against the float one: the largest difference in output levels.
double integer_error(const std::string &op, const ir::Type &a_type, const ir::Type &b_type,
                     ir::Quant out, targets::Requant requant) {
  const ir::Graph integer = two_inputs(op, a_type, b_type, out);
  const ir::Graph real =
      two_inputs(op, {a_type.shape, ir::DType::kF32, {}}, {b_type.shape, ir::DType::kF32, {}});
  const Tensor a = sample(a_type, 1), b = sample(b_type, 2);
  const Tensor got = evaluate_outputs(integer, {requant}, {a, b})[0];
  const Tensor wanted = evaluate_outputs(
      real, {}, {{real.value(0).type, to_real(a), {}}, {real.value(1).type, to_real(b), {}}})[0];
  EXPECT_FALSE(is_constant(got.i8));
  const auto reals = to_real(got);
  double worst = 0;
  for (std::size_t i = 0; i < reals.size(); ++i)
    if (std::abs(got.i8[i]) < 127)
      worst = std::max(worst, std::abs(double{reals[i]} - wanted.f32[i]) / out.scale);
  return worst;
}

TEST(Binary, IntegersAreWithinALevelAlsoBroadcast) {
  const ir::Type a = int_type(3, 4, 7, 0.02f, 4);
  for (const auto &b : {int_type(3, 4, 7, 0.003f, -100), int_type(1, 1, 7, 0.03f, -100),
                        int_type(3, 1, 1, 0.03f, 20), int_type(1, 4, 7, 0.0004f, 0)})
    for (const char *op : {"Add", "Sub", "Mul", "Div", "Min", "Max", "PRelu"})
      for (const auto requant : {targets::Requant::kM16, targets::Requant::kQ31})
        EXPECT_LE(integer_error(op, a, b, {0.025f, -7}, requant), 0.52)
            << op << " " << b.shape.rows << "x" << b.shape.cols << "x" << b.shape.channels;
}

TEST(Binary, ZeroDividedByZeroIsZeroInIntegers) {
  const ir::Type type = int_type(1, 1, 3, 0.1f, 0);
  const ir::Graph graph = two_inputs("Div", type, type, ir::Quant{0.1f, 5});
  const Tensor a{type, {}, {3, 0, -3}}, b{type, {}, {0, 0, 0}};
  EXPECT_EQ(evaluate_outputs(graph, {}, {a, b})[0].i8, (std::vector<std::int8_t>{127, 5, -128}));
}

TEST(Binary, ANumberIsAnAttribute) {
  EXPECT_EQ(of("Sub", {1, 2, 3}, {{"u", 10.0}}), (std::vector<float>{9, 8, 7}));
  EXPECT_EQ(of("Sub", {1, 2, 3}, {{"v", 10.0}}), (std::vector<float>{-9, -8, -7}));
  EXPECT_EQ(of("Pow", {1, 2, 3}, {{"v", 2.0}}), (std::vector<float>{1, 4, 9}));
  EXPECT_EQ(of("Where", {1, 0, 3}, {{"v", 2.0}, {"w", -1.0}}), (std::vector<float>{2, -1, 2}));
  EXPECT_EQ(of("Mul", {1, -2, 3}, {{"v", 2.0}, {"act", std::string("relu")}}),
            (std::vector<float>{2, 0, 6}));
}

TEST(Binary, ShapesThatDoNotFitAreRefused) {
  ir::Graph graph;
  const ir::ValueId x = graph.add_value("a", float_type(2, 3, 4));
  const ir::ValueId z = graph.add_value("b", float_type(2, 2, 4));
  const ir::Node node{"node", "Mul", {x, z}, {}, {}, {}};
  EXPECT_FALSE(find_operator("Mul")->infer(graph, node).ok());
}

ForeignGraph foreign_two(const Dims &a, const Dims &b, ForeignNode node) {
  ForeignGraph graph = foreign(a, std::move(node), {});
  graph.inputs.push_back({"z", b, ForeignType::kF32});
  return graph;
}

// Element `at` (an index of the result of dimensions `out`) of an array that broadcasts to it.
std::size_t broadcast_index(const Dims &in, const Dims &out, std::int64_t at) {
  std::int64_t index = 0, stride = 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t axis = out.size() - 1 - i;
    const std::int64_t digit = at % out[axis];
    at /= out[axis];
    if (i >= in.size()) continue;
    const std::int64_t size = in[in.size() - 1 - i];
    index += (size == 1 ? 0 : digit) * stride;
    stride *= size;
  }
  return static_cast<std::size_t>(index);
}

std::vector<float> in_stored_order(const ir::Port &port, const ir::Type &type,
                                   const std::vector<float> &file) {
  std::vector<float> stored;
  for (const std::int64_t at : ir::stored_order(port, type.shape)) stored.push_back(file[at]);
  return stored;
}

void expect_broadcast(const Dims &a, const Dims &b) {
  const ForeignNode node{"sub", "onnx", "Sub", 13, {"x", "z"}, {"y"}, {}};
  const auto graph = import_graph(foreign_two(a, b, node));
  ASSERT_TRUE(graph.ok()) << messages(graph);
  const Dims out = *broadcast_dims(a, b);
  const auto x = floats(a, 1).f32, z = floats(b, 5).f32;
  std::vector<Tensor> inputs;
  for (const auto &[port, data] : {std::pair{0, x}, {1, z}}) {
    const ir::Type &type = graph->value(graph->inputs()[port].value).type;
    inputs.push_back({type, in_stored_order(graph->inputs()[port], type, data), {}});
  }
  const Tensor got = evaluate_outputs(*graph, {}, inputs)[0];
  const auto order = ir::stored_order(graph->outputs()[0], got.type.shape);
  ASSERT_FALSE(is_constant(got.f32));
  for (std::size_t i = 0; i < order.size(); ++i)
    EXPECT_EQ(got.f32[i],
              x[broadcast_index(a, out, order[i])] - z[broadcast_index(b, out, order[i])]);
}

TEST(Broadcast, FollowsTheFilesAxes) {
  const std::vector<std::pair<Dims, Dims>> cases = {
      {{3, 4, 5}, {5}},          {{3, 4, 5}, {4, 1}},
      {{2, 3, 4, 5}, {3, 1, 5}}, {{1, 3, 4, 5}, {3, 1, 1}},
      {{1, 3, 4, 5}, {5}},       {{1, 3, 4, 5}, {4, 1}},
      {{1, 3, 1, 5}, {4, 1}},    {{3, 1}, {1, 4}},
      {{5}, {1, 4, 1}},          {{1, 4, 5}, {2, 1, 1}},
      {{2, 1, 4}, {3, 1}},       {{2, 3, 4, 5, 2}, {4, 1, 2}},
      {{1, 2, 3}, {1, 2, 3}},    {{1, 6}, {6}},
      {{2, 1, 3, 1}, {4, 1, 5}}, {{4, 5}, {1, 1, 4, 5}},
      {{1, 1, 3}, {2, 3, 1, 3}},
  };
  for (const auto &[a, b] : cases) {
    SCOPED_TRACE(::testing::PrintToString(a) + " - " + ::testing::PrintToString(b));
    expect_broadcast(a, b);
    expect_broadcast(b, a);
  }
}

TEST(Broadcast, DimensionsThatDoNotFitAreToldInTheFilesWords) {
  const ForeignNode node{"sub", "onnx", "Sub", 13, {"x", "z"}, {"y"}, {}};
  const auto graph = import_graph(foreign_two({2, 3}, {2, 2}, node));
  ASSERT_FALSE(graph.ok());
  EXPECT_NE(messages(graph).find("[2,3] and [2,2]"), std::string::npos) << messages(graph);
}

TEST(Import, OneConstantAChannelIsABatchNorm) {
  ForeignNode node{"mul", "onnx", "Mul", 13, {"x", "w"}, {"y"}, {}};
  const auto graph = import_graph(foreign({1, 3, 2, 2}, node, {{"w", floats({3, 1, 1})}}));
  ASSERT_TRUE(graph.ok()) << messages(graph);
  EXPECT_EQ(graph->nodes().back().op, "BatchNorm");
  node.op = "Pow";
  const auto power = import_graph(foreign({1, 3, 2, 2}, node, {{"w", floats({3, 1, 1})}}));
  ASSERT_TRUE(power.ok()) << messages(power);
  EXPECT_EQ(power->nodes().back().op, "Pow");
}

TEST(Import, AConstantThatIsTakenFromCountsWithItsSign) {
  const ForeignNode node{"sub", "onnx", "Sub", 13, {"w", "x"}, {"y"}, {}};
  const auto graph = import_graph(foreign({1, 2}, node, {{"w", floats({2}, {10, 20})}}));
  ASSERT_TRUE(graph.ok()) << messages(graph);
  const Tensor in{float_type(1, 1, 2), {1, 2}, {}};
  EXPECT_EQ(evaluate_outputs(*graph, {}, {in})[0].f32, (std::vector<float>{9, 18}));
}

TEST(Import, TheMeanOfThreeIsTheirSumsThird) {
  const ForeignNode node{"mean", "onnx", "Mean", 13, {"x", "z", "x"}, {"y"}, {}};
  const auto graph = import_graph(foreign_two({2}, {2}, node));
  ASSERT_TRUE(graph.ok()) << messages(graph);
  const ir::Type type = float_type(1, 1, 2);
  EXPECT_EQ(evaluate_outputs(*graph, {}, {{type, {1, 2}, {}}, {type, {4, 8}, {}}})[0].f32,
            (std::vector<float>{2, 4}));
}

TEST(Import, CastsKeepFloatsCutFractionsOrAskForTruth) {
  const auto cast = [](std::int64_t to) {
    const ForeignNode node{"cast", "onnx", "Cast", 13, {"x"}, {"y"}, {{"to", to}}};
    const auto graph = import_graph(foreign({3}, node, {}));
    EXPECT_TRUE(graph.ok()) << messages(graph);
    const Tensor in{float_type(1, 1, 3), {-1.5f, 0, 2.5f}, {}};
    return evaluate_outputs(*graph, {}, {in})[0].f32;
  };
  EXPECT_EQ(cast(1), (std::vector<float>{-1.5f, 0, 2.5f}));
  EXPECT_EQ(cast(7), (std::vector<float>{-1, 0, 2}));
  EXPECT_EQ(cast(9), (std::vector<float>{1, 0, 1}));
  const ForeignNode text{"cast", "onnx", "Cast", 13, {"x"}, {"y"}, {{"to", std::int64_t{8}}}};
  EXPECT_FALSE(import_graph(foreign({3}, text, {})).ok());
}

}  // namespace
}  // namespace thimble::ops
