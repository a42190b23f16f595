// What the ONNX reader makes of well-formed files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"
#include "frontends/read_model.h"
#include "support/files.h"

namespace thimble::frontends {
namespace {

using test::Message;
using test::OnnxParts;
using testing::ElementsAre;
using testing::HasSubstr;

class Onnx : public testing::Test {
 protected:
  Result<ops::ForeignGraph> read(const OnnxParts &parts, const ReadOptions &options = {}) {
    EXPECT_TRUE(write_file(directory_.path() / "net.onnx", test::onnx_file(parts)).ok());
    return read_model(directory_.path() / "net.onnx", options);
  }
  ops::ForeignGraph read_ok(const OnnxParts &parts, const ReadOptions &options = {}) {
    auto graph = read(parts, options);
    std::string told;
    for (const Diagnostic &error : graph.diagnostics()) told += to_string(error);
    EXPECT_TRUE(graph.ok()) << told;
    return graph.ok() ? *graph : ops::ForeignGraph{};
  }
  TemporaryDirectory directory_;
};

// y = x + w
OnnxParts sum_with(const Message &weight) {
  return {.nodes = {test::node("Add", {"x", "w"}, {"y"})},
          .initializers = {weight},
          .inputs = {test::value_info("x", {"1", "2"})},
          .outputs = {test::value_info("y", {"1", "2"})}};
}

TEST_F(Onnx, RawDataAreLittleEndianFloats) {
  const auto graph =
      read_ok(sum_with(test::tensor("w", test::kFloat32, {2}, test::floats({1.5f, -2}))));
  EXPECT_THAT(graph.constants.at("w").f32, ElementsAre(1.5f, -2));
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].op, "Add");
  EXPECT_EQ(graph.nodes[0].domain, "onnx");
  EXPECT_EQ(graph.nodes[0].version, 20);
}

TEST_F(Onnx, TypedFieldsMayBePackedOrNot) {
  Message packed, unpacked;
  packed.integer(1, 2).integer(2, test::kFloat32).bytes(8, "w").bytes(4, test::floats({1, 2}));
  unpacked.integer(1, 2).integer(2, test::kFloat32).bytes(8, "w").real(4, 1).real(4, 2);
  EXPECT_THAT(read_ok(sum_with(packed)).constants.at("w").f32, ElementsAre(1, 2));
  EXPECT_THAT(read_ok(sum_with(unpacked)).constants.at("w").f32, ElementsAre(1, 2));
}

TEST_F(Onnx, HalvesAreWidened) {
  const std::string one_and_minus_two("\x00\x3c\x00\xc0", 4), bfloat("\x80\x3f\x00\xc0", 4);
  EXPECT_THAT(
      read_ok(sum_with(test::tensor("w", 10, {2}, one_and_minus_two))).constants.at("w").f32,
      ElementsAre(1, -2));
  EXPECT_THAT(read_ok(sum_with(test::tensor("w", 16, {2}, bfloat))).constants.at("w").f32,
              ElementsAre(1, -2));
}

TEST_F(Onnx, InitializersAmongTheInputsAreConstants) {
  OnnxParts parts = sum_with(test::tensor("w", test::kFloat32, {2}, test::floats({1, 2})));
  parts.inputs.push_back(test::value_info("w", {"2"}));
  EXPECT_EQ(read_ok(parts).inputs.size(), 1u);
}

TEST_F(Onnx, ExternalDataComeFromTheFileBesideTheModel) {
  ASSERT_TRUE(write_file(directory_.path() / "net.data", "????" + test::floats({3, 4})).ok());
  Message weight;
  weight.integer(1, 2).integer(2, test::kFloat32).bytes(8, "w").integer(14, 1);
  weight.message(13, Message().bytes(1, "location").bytes(2, "net.data"));
  weight.message(13, Message().bytes(1, "offset").bytes(2, "4"));
  weight.message(13, Message().bytes(1, "length").bytes(2, "8"));
  EXPECT_THAT(read_ok(sum_with(weight)).constants.at("w").f32, ElementsAre(3, 4));
}

TEST_F(Onnx, NodesAreSortedAndUnusedOnesDropped) {
  const OnnxParts parts{
      .nodes = {test::node("Sigmoid", {"h"}, {"y"}), test::node("Relu", {"x"}, {"h"}),
                test::node("Exp", {"x"}, {"nobody"})},
      .initializers = {},
      .inputs = {test::value_info("x", {"1", "2"})},
      .outputs = {test::value_info("y", {"1", "2"})}};
  const auto graph = read_ok(parts);
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].op, "Relu");
  EXPECT_EQ(graph.nodes[1].op, "Sigmoid");
  EXPECT_NE(graph.nodes[0].name, graph.nodes[1].name);
}

TEST_F(Onnx, SymbolicBatchIsOne) {
  OnnxParts parts = sum_with(test::tensor("w", test::kFloat32, {2}, test::floats({1, 2})));
  parts.inputs = {test::value_info("x", {"batch", "2"})};
  parts.outputs = {test::value_info("y", {"batch", "2"})};
  EXPECT_THAT(read_ok(parts).inputs[0].dims, ElementsAre(1, 2));
  EXPECT_THAT(read_ok(parts).outputs[0].dims, ElementsAre(1, 2));
  EXPECT_THAT(read_ok(parts, {{{"batch", 3}}}).inputs[0].dims, ElementsAre(3, 2));
}

TEST_F(Onnx, OtherSymbolsWantASize) {
  OnnxParts parts = sum_with(test::tensor("w", test::kFloat32, {1}, test::floats({1})));
  parts.inputs = {test::value_info("x", {"1", "width"})};
  const auto unsized = read(parts);
  ASSERT_FALSE(unsized.ok());
  EXPECT_EQ(unsized.diagnostics()[0].fix, "--dim width=N");
  EXPECT_THAT(read_ok(parts, {{{"width", 7}}}).inputs[0].dims, ElementsAre(1, 7));
  const auto unknown = read(parts, {{{"width", 7}, {"height", 7}}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.diagnostics()[0].what, HasSubstr("height"));
  EXPECT_EQ(unknown.diagnostics()[0].error_class, ErrorClass::kUsage);
}

// view = Reshape(x, Concat(Gather(Shape(x), 0), -1))
TEST_F(Onnx, ShapeArithmeticOfADynamicBatchIsFolded) {
  const OnnxParts parts{
      .nodes = {test::node("Relu", {"x"}, {"h"}), test::node("Shape", {"h"}, {"shape"}),
                test::node("Gather", {"shape", "zero"}, {"n"}, {test::int1("axis", 0)}),
                test::node("Unsqueeze", {"n", "zeros"}, {"n1"}),
                test::node("Concat", {"n1", "rest"}, {"to"}, {test::int1("axis", 0)}),
                test::node("Reshape", {"h", "to"}, {"y"})},
      .initializers = {test::tensor("zero", test::kInt64, {}, test::integers({0})),
                       test::tensor("zeros", test::kInt64, {1}, test::integers({0})),
                       test::tensor("rest", test::kInt64, {1}, test::integers({-1}))},
      .inputs = {test::value_info("x", {"n", "3", "2", "2"})},
      .outputs = {test::value_info("y", {"n", "12"})}};
  const auto graph = read_ok(parts);
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[1].op, "Reshape");
  EXPECT_THAT(graph.constants.at(graph.nodes[1].inputs[1]).i64, ElementsAre(1, -1));
  EXPECT_EQ(graph.constants.size(), 1u);
}

TEST_F(Onnx, ShapesAreKnownBehindConvolutionsAndPools) {
  const OnnxParts parts{
      .nodes = {test::node("Conv", {"x", "w"}, {"c"},
                           {test::ints("strides", {2, 1}), test::ints("pads", {1, 0, 1, 0})}),
                test::node("MaxPool", {"c"}, {"p"},
                           {test::ints("kernel_shape", {2, 2}), test::ints("strides", {2, 2}),
                            test::int1("ceil_mode", 1)}),
                test::node("ConvTranspose", {"p", "t"}, {"u"},
                           {test::ints("strides", {2, 2}), test::ints("output_padding", {1, 1})}),
                test::node("Shape", {"u"}, {"shape"}),
                test::node("Reshape", {"u", "shape"}, {"y"})},
      .initializers = {test::tensor("w", test::kFloat32, {2, 1, 3, 3}, std::string(72, '\0')),
                       test::tensor("t", test::kFloat32, {2, 4, 3, 3}, std::string(288, '\0'))},
      .inputs = {test::value_info("x", {"1", "1", "9", "9"})},
      .outputs = {test::value_info("y", {"1", "4", "8", "10"})}};
  const auto graph = read_ok(parts);
  // 9x9 -> (9+2-3)/2+1 x 9-2 = 5x7 -> ceil 3x4 -> 2*2+1+2+1 x 2*3+1+2+1 = 8x10
  EXPECT_THAT(graph.constants.at("shape").i64, ElementsAre(1, 4, 8, 10));
}

TEST_F(Onnx, OperatorsOfOtherDomainsKeepTheirDomain) {
  OnnxParts parts = sum_with(test::tensor("w", test::kFloat32, {2}, test::floats({1, 2})));
  parts.nodes[0].bytes(7, "com.example");
  EXPECT_EQ(read_ok(parts).nodes[0].domain, "com.example");
}

}  // namespace
}  // namespace thimble::frontends
