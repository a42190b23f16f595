// Importers of TensorFlow Lite's operators, where tests/tflite has no sound file to show it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes.h"
#include "ops/import.h"

namespace thimble::ops {
namespace {

using ::testing::HasSubstr;

Result<ir::Graph> import_tflite(const std::vector<std::int64_t> &input_dims, ForeignNode node,
                                std::map<std::string, ForeignTensor> constants = {}) {
  ForeignGraph graph = foreign(input_dims, std::move(node), std::move(constants));
  graph.axes = ir::AxisOrder::kChannelsLast;
  return import_graph(graph);
}

ForeignNode tflite(std::string op, std::vector<std::string> inputs,
                   std::map<std::string, ForeignAttribute> attributes = {}) {
  return {"n", "tflite", std::move(op), 1, std::move(inputs), {"y"}, std::move(attributes)};
}

ForeignTensor integers(std::vector<std::int64_t> data) {
  const auto count = static_cast<std::int64_t>(data.size());
  return {ForeignType::kI32, {count}, {}, std::move(data)};
}

TEST(Tflite, PicturesKeepTheirDimensionsAndLieAsTheyAre) {
  const auto graph = import_tflite({1, 5, 7, 3}, tflite("RELU", {"x"}));
  ASSERT_TRUE(graph.ok()) << messages(graph);
  const ir::Port &port = graph->inputs()[0];
  EXPECT_EQ(port.dims, (std::vector<int>{1, 5, 7, 3}));
  EXPECT_EQ(graph->value(port.value).type.shape, (ir::Shape{5, 7, 3}));
  const auto order = ir::stored_order(port, {5, 7, 3});
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], static_cast<std::int64_t>(i));
}

TEST(Tflite, ConvolutionsOfOneGroupOfSeveralChannelsAreGrouped) {
  const auto graph = import_tflite({1, 4, 4, 6}, tflite("CONV_2D", {"x", "w", "b"}),
                                   {{"w", floats({4, 3, 3, 3})}, {"b", floats({4})}});
  ASSERT_TRUE(graph.ok()) << messages(graph);
  EXPECT_EQ(graph->nodes()[0].integer("groups", 0), 2);
}

// Found by a fuzzer: the rows of the weights are not as long as those of the input.
TEST(Tflite, FullyConnectedKeepsOnlyDimensionsThatFit) {
  const auto graph = import_tflite(
      {2, 3, 4}, tflite("FULLY_CONNECTED", {"x", "w"}, {{"keep_num_dims", std::int64_t{1}}}),
      {{"w", floats({5, 6})}});
  EXPECT_THAT(messages(graph), HasSubstr("input is [2,3,4], weight [5,6]"));
}

TEST(Tflite, WhatIsNotSupportedIsNamed) {
  const auto fused = [](std::int64_t activation) {
    return messages(import_tflite(
        {1, 4}, tflite("ADD", {"x", "x"}, {{"fused_activation_function", activation}})));
  };
  EXPECT_THAT(fused(4), HasSubstr("fused activation TANH"));
  EXPECT_THAT(fused(77), HasSubstr("fused activation 77"));
  EXPECT_THAT(messages(import_tflite({1, 4}, tflite("SOFTMAX", {"x"}, {{"beta", 2.0}}))),
              HasSubstr("scales its input by 2"));
  const auto sliced = import_tflite(
      {1, 4}, tflite("STRIDED_SLICE", {"x", "b", "e", "s"}, {{"new_axis_mask", std::int64_t{1}}}),
      {{"b", integers({0, 0})}, {"e", integers({1, 2})}, {"s", integers({1, 1})}});
  EXPECT_THAT(messages(sliced), HasSubstr("new_axis_mask = 1"));
}

}  // namespace
}  // namespace thimble::ops
