// Importing: every spelling of the families with weights, element orders, and errors all at once.
#include "ops/import.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace thimble::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

ForeignNode aten(std::string op, std::vector<std::string> inputs,
                 std::map<std::string, ForeignAttribute> attributes = {}) {
  return {"n", "aten", std::move(op), 0, std::move(inputs), {"y"}, std::move(attributes)};
}

ForeignNode onnx(std::string op, std::vector<std::string> inputs,
                 std::map<std::string, ForeignAttribute> attributes = {}) {
  return {"n", "onnx", std::move(op), 20, std::move(inputs), {"y"}, std::move(attributes)};
}

// The graph of one foreign node; fails the test when it does not import.
ir::Graph import(std::vector<std::int64_t> dims, ForeignNode node,
                 std::map<std::string, ForeignTensor> constants = {}) {
  const auto result = import_graph(foreign(std::move(dims), std::move(node), std::move(constants)));
  EXPECT_TRUE(result.ok()) << messages(result);
  return result.ok() ? *result : ir::Graph{};
}

std::string errors_of(std::vector<std::int64_t> dims, ForeignNode node,
                      std::map<std::string, ForeignTensor> constants = {}) {
  const auto result = import_graph(foreign(std::move(dims), std::move(node), std::move(constants)));
  EXPECT_FALSE(result.ok());
  return messages(result);
}

ir::Shape output_shape(const ir::Graph &graph) {
  return graph.value(graph.outputs().at(0).value).type.shape;
}

const std::map<std::string, ForeignTensor> kConvWeights{{"w", floats({4, 2, 3, 3})},
                                                        {"b", floats({4})}};

TEST(Import, EverySpellingOfAConvolution) {
  const ForeignNode nodes[] = {
      onnx("Conv", {"x", "w", "b"}, {{"pads", list({1, 1, 1, 1})}, {"strides", list({2, 2})}}),
      aten("conv2d.default", {"x", "w", "b"},
           {{"stride", list({2, 2})}, {"padding", list({1, 1})}}),
      aten("conv2d.default", {"x", "w", "b"}, {{"stride", list({2})}, {"padding", list({1})}}),
      aten("convolution.default", {"x", "w", "b"},
           {{"stride", list({2, 2})},
            {"padding", list({1, 1})},
            {"dilation", list({1, 1})},
            {"transposed", std::int64_t{0}},
            {"output_padding", list({0, 0})},
            {"groups", std::int64_t{1}}})};
  const Tensor in = sample(float_type(6, 5, 2));
  const Tensor expected = eval_node(import({1, 2, 6, 5}, nodes[0], kConvWeights), in);
  EXPECT_FALSE(is_constant(expected.f32));
  for (const ForeignNode &node : nodes) {
    const ir::Graph graph = import({1, 2, 6, 5}, node, kConvWeights);
    EXPECT_EQ(graph.node(0).name, "n");
    EXPECT_EQ(graph.outputs()[0].dims, (std::vector<int>{1, 4, 3, 3}));
    EXPECT_EQ(eval_node(graph, in).f32, expected.f32);
  }
}

TEST(Import, AConvolutionWithoutBiasGetsZeros) {
  const ir::Graph graph =
      import({1, 2, 6, 5}, aten("conv2d.default", {"x", "w", ""}), {{"w", floats({4, 2, 3, 3})}});
  EXPECT_EQ(std::get<std::vector<float>>(graph.constant(graph.node(0).constants[1]).data),
            std::vector<float>(4));
}

TEST(Import, AnAbsentBiasIsNoParameter) {
  const ir::Graph graph =
      import({1, 2, 6, 5}, aten("conv2d.default", {"x", "w", ""}), {{"w", floats({4, 2, 3, 3})}});
  EXPECT_EQ(parameter_count(graph), 72);
}

TEST(Import, SamePaddingPutsTheOddOneWhereItIsTold) {
  const auto pad = [](ForeignNode node) {
    return import({1, 2, 6, 6}, std::move(node), kConvWeights).node(0).integers("pad");
  };
  const auto strides = list({2, 2});
  EXPECT_EQ(pad(onnx("Conv", {"x", "w", "b"},
                     {{"auto_pad", std::string("SAME_UPPER")}, {"strides", strides}})),
            list({0, 0, 1, 1}));
  EXPECT_EQ(pad(onnx("Conv", {"x", "w", "b"},
                     {{"auto_pad", std::string("SAME_LOWER")}, {"strides", strides}})),
            list({1, 1, 0, 0}));
  EXPECT_EQ(pad(onnx("Conv", {"x", "w", "b"}, {{"auto_pad", std::string("VALID")}})),
            list({0, 0, 0, 0}));
  EXPECT_EQ(pad(aten("conv2d.padding", {"x", "w", "b"}, {{"padding", std::string("same")}})),
            list({1, 1, 1, 1}));
}

TEST(Import, ASignalIsOneColumnWide) {
  const std::map<std::string, ForeignTensor> weights{{"w", floats({3, 2, 5})}, {"b", floats({3})}};
  const ir::Graph graph = import(
      {1, 2, 20}, onnx("Conv", {"x", "w", "b"}, {{"pads", list({2, 1})}, {"strides", list({2})}}),
      weights);
  EXPECT_EQ(output_shape(graph), (ir::Shape{10, 1, 3}));
  EXPECT_EQ(graph.outputs()[0].dims, (std::vector<int>{1, 3, 10}));
  EXPECT_EQ(output_shape(import({1, 2, 20}, aten("conv1d.default", {"x", "w", "b"}), weights)),
            (ir::Shape{16, 1, 3}));
}

const std::map<std::string, ForeignTensor> kTransposedWeights{{"w", floats({2, 3, 3, 3})},
                                                              {"b", floats({3})}};

TEST(Import, EverySpellingOfATransposedConvolution) {
  const ForeignNode nodes[] = {
      onnx("ConvTranspose", {"x", "w", "b"},
           {{"pads", list({1, 1, 1, 1})},
            {"strides", list({2, 2})},
            {"output_padding", list({1, 1})}}),
      aten("conv_transpose2d.input", {"x", "w", "b"},
           {{"stride", list({2, 2})}, {"padding", list({1, 1})}, {"output_padding", list({1, 1})}}),
      aten("convolution.default", {"x", "w", "b"},
           {{"stride", list({2, 2})},
            {"padding", list({1, 1})},
            {"transposed", std::int64_t{1}},
            {"output_padding", list({1, 1})}})};
  const Tensor in = sample(float_type(4, 4, 2));
  const Tensor expected = eval_node(import({1, 2, 4, 4}, nodes[0], kTransposedWeights), in);
  EXPECT_EQ(expected.type.shape, (ir::Shape{8, 8, 3}));
  EXPECT_FALSE(is_constant(expected.f32));
  for (const ForeignNode &node : nodes)
    EXPECT_EQ(eval_node(import({1, 2, 4, 4}, node, kTransposedWeights), in).f32, expected.f32);
}

TEST(Import, ATransposedConvolutionCanNameItsOutputSize) {
  const auto shape = [](std::map<std::string, ForeignAttribute> attributes) {
    attributes["strides"] = list({2, 2});
    return output_shape(import({1, 2, 4, 4},
                               onnx("ConvTranspose", {"x", "w", "b"}, std::move(attributes)),
                               kTransposedWeights));
  };
  EXPECT_EQ(shape({}), (ir::Shape{9, 9, 3}));
  EXPECT_EQ(shape({{"output_shape", list({8, 7})}}), (ir::Shape{8, 7, 3}));
  EXPECT_EQ(shape({{"output_shape", list({10, 9})}}), (ir::Shape{10, 9, 3}));
  EXPECT_EQ(shape({{"auto_pad", std::string("SAME_UPPER")}}), (ir::Shape{8, 8, 3}));
}

TEST(Import, EverySpellingOfALinear) {
  const ForeignTensor out_in = floats({3, 5}), bias = floats({3}, 9);
  ForeignTensor in_out = floats({5, 3});
  for (int o = 0; o < 3; ++o)
    for (int i = 0; i < 5; ++i) in_out.f32[i * 3 + o] = out_in.f32[o * 5 + i];
  const std::map<std::string, ForeignTensor> weights{{"oi", out_in}, {"io", in_out}, {"b", bias}};
  const Tensor in = sample(float_type(1, 1, 5));
  const Tensor expected =
      eval_node(import({1, 5}, aten("linear.default", {"x", "oi", "b"}), weights), in);
  EXPECT_FALSE(is_constant(expected.f32));
  for (const ForeignNode &node :
       {onnx("Gemm", {"x", "oi", "b"}, {{"transB", std::int64_t{1}}}),
        onnx("Gemm", {"x", "io", "b"}), aten("addmm.default", {"b", "x", "io"})})
    EXPECT_EQ(eval_node(import({1, 5}, node, weights), in).f32, expected.f32);
  for (const ForeignNode &node : {onnx("MatMul", {"x", "io"}), aten("mm.default", {"x", "io"}),
                                  aten("linear.default", {"x", "oi", ""})}) {
    const std::vector<float> plain = eval_node(import({1, 5}, node, weights), in).f32;
    for (int o = 0; o < 3; ++o) EXPECT_NEAR(plain[o] + bias.f32[o], expected.f32[o], 1e-6);
  }
}

TEST(Import, GemmScalesWeightsAndBias) {
  const ir::Graph graph =
      import({1, 1}, onnx("Gemm", {"x", "w", "b"}, {{"alpha", 2.0}, {"beta", -1.0}}),
             {{"w", floats({1, 2}, {3, 4})}, {"b", floats({1}, std::vector<float>{5})}});
  EXPECT_EQ(eval_node(graph, {float_type(1, 1, 1), {10}, {}}).f32, (std::vector<float>{55, 75}));
}

TEST(Import, EverySpellingOfMaxPooling) {
  const auto two = list({2, 2});
  for (const ForeignNode &node :
       {onnx("MaxPool", {"x"}, {{"kernel_shape", two}, {"strides", two}}),
        aten("max_pool2d.default", {"x"}, {{"kernel_size", two}, {"stride", list({})}}),
        aten("max_pool2d_with_indices.default", {"x"}, {{"kernel_size", two}, {"stride", two}})}) {
    const ir::Graph graph = import({1, 3, 6, 5}, node);
    EXPECT_EQ(output_shape(graph), (ir::Shape{3, 2, 3}));
    EXPECT_EQ(graph.node(0).integers("stride"), two);
  }
  const ir::Graph ceil =
      import({1, 3, 6, 5},
             onnx("MaxPool", {"x"},
                  {{"kernel_shape", two}, {"strides", two}, {"ceil_mode", std::int64_t{1}}}));
  EXPECT_EQ(output_shape(ceil), (ir::Shape{3, 3, 3}));
  EXPECT_EQ(output_shape(import({1, 3, 6, 5}, onnx("MaxPool", {"x"}, {{"kernel_shape", two}}))),
            (ir::Shape{5, 4, 3}));
}

TEST(Import, EverySpellingOfBatchNorm) {
  const std::map<std::string, ForeignTensor> arrays{{"g", floats({2}, {2, 3})},
                                                    {"b", floats({2}, {10, 20})},
                                                    {"m", floats({2}, {1, -1})},
                                                    {"v", floats({2}, {3.75f, 8.75f})}};
  // scale 2 / sqrt(4), 3 / sqrt(9); shift 10 - 1, 20 + 1.
  for (const ForeignNode &node :
       {onnx("BatchNormalization", {"x", "g", "b", "m", "v"}, {{"epsilon", 0.25}}),
        aten("batch_norm.default", {"x", "g", "b", "m", "v"},
             {{"training", std::int64_t{0}}, {"momentum", 0.1}, {"eps", 0.25}}),
        aten("_native_batch_norm_legit_no_training.default", {"x", "g", "b", "m", "v"},
             {{"momentum", 0.1}, {"eps", 0.25}})})
    EXPECT_EQ(eval_node(import({1, 2, 1, 1}, node, arrays), {float_type(1, 1, 2), {5, 7}, {}}).f32,
              (std::vector<float>{14, 28}));
  EXPECT_THAT(errors_of({1, 2, 1, 1},
                        aten("batch_norm.default", {"x", "g", "b", "m", "v"},
                             {{"training", std::int64_t{1}}}),
                        arrays),
              HasSubstr("model.eval()"));
}

TEST(Import, NodesThatChangeNothingLeaveNoNode) {
  ForeignGraph graph = foreign({1, 2, 6, 5}, onnx("Conv", {"d", "w", "b"}), kConvWeights);
  graph.nodes.insert(graph.nodes.begin(), {{"drop", "onnx", "Dropout", 20, {"x"}, {"d"}, {}}});
  graph.nodes.push_back({"id", "onnx", "Identity", 20, {"y"}, {"z"}, {}});
  graph.outputs[0].name = "z";
  const auto result = import_graph(graph);
  ASSERT_TRUE(result.ok()) << messages(result);
  ASSERT_EQ(result->nodes().size(), 1u);
  EXPECT_EQ(result->node(0).op, "Conv2d");
}

TEST(Import, NodesThatNoOutputNeedsAreNotLookedAt) {
  ForeignGraph graph = foreign({1, 2, 6, 5}, onnx("Conv", {"x", "w", "b"}), kConvWeights);
  graph.nodes.push_back({"counter", "aten", "add_.Tensor", 0, {"x"}, {"unused"}, {}});
  EXPECT_TRUE(import_graph(graph).ok());
}

TEST(Import, EveryUnsupportedNodeIsReportedAtOnce) {
  ForeignGraph graph =
      foreign({1, 2, 8, 8}, onnx("Conv", {"x", "w", "b"}, {{"group", std::int64_t{3}}}),
              {{"w", floats({4, 1, 3, 3})}, {"b", floats({4})}, {"w2", floats({4, 4, 3, 3})}});
  graph.nodes[0].name = "first";
  graph.nodes.push_back({"second", "onnx", "Conv", 20, {"y", "w2"}, {"z"}, {}});
  graph.nodes.push_back({"third", "onnx", "Frobnicate", 20, {"z"}, {"a"}, {}});
  graph.nodes.push_back({"fourth", "onnx", "Conv", 20, {"a", "w2"}, {"b2"}, {}});
  graph.nodes.push_back({"fifth", "aten", "unheard_of.default", 0, {"b2"}, {"o"}, {}});
  graph.outputs[0].name = "o";
  const auto result = import_graph(graph);
  EXPECT_EQ(result.diagnostics().size(), 3u) << messages(result);
  const std::string text = messages(result);
  EXPECT_THAT(text, HasSubstr("test.onnx: error: node 'first' (Conv): groups = 3"));
  EXPECT_THAT(text, Not(HasSubstr("second")));
  EXPECT_THAT(text, HasSubstr("node 'third' (Frobnicate): operator is not supported"));
  EXPECT_THAT(text, HasSubstr("node 'fifth' (aten.unheard_of.default): operator is not supported"));
  EXPECT_THAT(text, Not(HasSubstr("fourth")));
}

TEST(Import, SaysWhatIsWrongWithANetworkInput) {
  const ForeignNode node = onnx("Conv", {"x", "w", "b"});
  EXPECT_THAT(errors_of({2, 2, 6, 5}, node, kConvWeights), HasSubstr("batch"));
  EXPECT_THAT(errors_of({-1, 2, 6, 5}, node, kConvWeights), HasSubstr("--dim"));
  EXPECT_THAT(errors_of(Dims(9, 1), node, kConvWeights), HasSubstr("at most 8"));
  EXPECT_THAT(errors_of({1, 1 << 20, 1 << 20, 5}, node, kConvWeights), HasSubstr("elements"));
}

TEST(Import, HostileNodesAreReportedNotBelieved) {
  const std::int64_t huge = std::int64_t{1} << 62;
  const std::vector<std::int64_t> dims{1, 2, 6, 5};
  const std::vector<std::string> inputs{"x", "w", "b"};
  for (const auto &attributes : std::vector<std::map<std::string, ForeignAttribute>>{
           {{"pads", list({huge, huge, huge, huge})}},
           {{"pads", list({-1, 0, 0, 0})}},
           {{"pads", list({1, 1, 1})}},
           {{"strides", list({0, 1})}},
           {{"strides", list({1, 1, 1})}},
           {{"dilations", list({huge, huge})}},
           {{"group", huge}},
           {{"group", std::int64_t{0}}},
           {{"auto_pad", std::string("SIDEWAYS")}}})
    errors_of(dims, onnx("Conv", inputs, attributes), kConvWeights);
  errors_of(dims, onnx("Conv", {"x"}), kConvWeights);
  errors_of(dims, onnx("Conv", {}), kConvWeights);
  errors_of(dims, onnx("Conv", {"w", "x"}), kConvWeights);
  errors_of(dims, onnx("Conv", {"nowhere", "w"}), kConvWeights);
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({4, 2, 3})}, {"b", floats({4})}});
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({4, 2, 9, 9})}, {"b", floats({4})}});
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({4, 3, 3, 3})}, {"b", floats({4})}});
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({4, 2, 3, 3})}, {"b", floats({5})}});
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({4, 2, 3, 3}, {1, 2})}, {"b", floats({4})}});
  errors_of(dims, onnx("Conv", inputs), {{"w", floats({0, 2, 3, 3})}, {"b", floats({0})}});
  errors_of({1, 2}, onnx("Conv", inputs), kConvWeights);
  errors_of(dims, onnx("MaxPool", {"x"}, {{"kernel_shape", list({huge, 1})}}));
  errors_of(dims, onnx("MaxPool", {"x"}, {{"kernel_shape", list({9, 9})}}));
  errors_of({1, 5}, onnx("Gemm", {"x", "w"}), {{"w", floats({4, 3})}});
  errors_of({1, 5}, onnx("Gemm", {"x", "w"}), {{"w", floats({4})}});
}

TEST(Import, FlatteningGoesThroughTheFilesOrder) {
  ir::Graph graph;
  ForeignGraph none;
  Builder builder(none, graph);
  const ForeignNode node = onnx("Flatten", {"x"});
  const ir::ValueId value = graph.add_value("x", float_type(2, 3, 4));
  graph.add_input(value, {1, 4, 2, 3});
  const ir::ValueId flat = builder.to_file_order(node, {{1, 4, 2, 3}, value});
  EXPECT_EQ(graph.value(flat).type.shape, (ir::Shape{1, 1, 24}));
  ASSERT_EQ(graph.nodes().size(), 2u);
  EXPECT_EQ(graph.node(0).integers("perm"), list({2, 0, 1}));
  const ir::ValueId back = builder.from_file_order(node, flat, {1, 4, 2, 3});
  EXPECT_EQ(graph.value(back).type.shape, (ir::Shape{2, 3, 4}));
  EXPECT_EQ(graph.node(3).integers("perm"), list({1, 2, 0}));
}

TEST(Import, FlatteningOnePixelOrOneChannelMovesNothing) {
  for (const ir::Type &type : {float_type(1, 1, 6), float_type(2, 3, 1)}) {
    ir::Graph graph;
    ForeignGraph none;
    Builder builder(none, graph);
    const ir::ValueId value = graph.add_value("x", type);
    const ir::Shape &shape = type.shape;
    graph.add_input(value, {1, shape.channels, shape.rows, shape.cols});
    builder.to_file_order(onnx("Flatten", {"x"}),
                          {{1, shape.channels, shape.rows, shape.cols}, value});
    for (const ir::Node &node : graph.nodes()) EXPECT_EQ(node.op, "Reshape");
  }
}

// A node's name is compared with those before it: a million would take days.
TEST(Import, StopsWhereAGraphIsTooLarge) {
  ForeignGraph graph = foreign({1, 4}, onnx("Relu", {"x"}), {});
  const ForeignNode relu = graph.nodes[0];
  graph.nodes.clear();
  std::string last = "x";
  for (int i = 0; i < 100'000; ++i) {
    ForeignNode next = relu;
    next.inputs = {last};
    next.name = last = "y" + std::to_string(i);
    next.outputs = {last};
    graph.nodes.push_back(std::move(next));
  }
  graph.outputs[0].name = last;
  EXPECT_THAT(messages(import_graph(graph)), HasSubstr("the graph has more than 20000 items"));
}

}  // namespace
}  // namespace thimble::ops
