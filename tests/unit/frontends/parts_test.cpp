// The small parts: bytes to numbers, symbolic sizes, in-place operators.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "frontends/pt2/expressions.h"
#include "frontends/pt2/in_place.h"
#include "frontends/pt2/schemas.h"
#include "frontends/tensor_bytes.h"

namespace thimble::frontends {
namespace {

using testing::ElementsAre;

TEST(Bytes, HalvesCoverZeroSubnormalsAndInfinity) {
  EXPECT_EQ(half_to_float(0x0000), 0.0f);
  EXPECT_TRUE(std::signbit(half_to_float(0x8000)));
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24f);
  EXPECT_EQ(half_to_float(0x3c00), 1.0f);
  EXPECT_EQ(half_to_float(0x7bff), 65504.0f);
  EXPECT_EQ(half_to_float(0xfc00), -INFINITY);
  EXPECT_TRUE(std::isnan(half_to_float(0x7e00)));
  EXPECT_EQ(bfloat16_to_float(0xc0a0), -5.0f);
}

TEST(Bytes, ViewsFitOrDoNot) {
  EXPECT_TRUE(storage_fits(16, 4, {4}, {1}, 0));
  EXPECT_TRUE(storage_fits(16, 4, {2, 2}, {0, 3}, 0));
  EXPECT_TRUE(storage_fits(16, 4, {0}, {1}, 0));
  EXPECT_TRUE(storage_fits(4, 4, {1}, {1ll << 62}, 0));
  EXPECT_FALSE(storage_fits(15, 4, {4}, {1}, 0));
  EXPECT_FALSE(storage_fits(16, 4, {3, 3}, {1ll << 62, 1ll << 62}, 0));
}

TEST(Expressions, AreEvaluatedWithBoundSymbols) {
  Symbols symbols({{"s3", 5}});
  symbols.declare("s77", 0, "x");
  symbols.declare("s3", 2, "x");
  const std::string s77 = "Symbol('s77', positive=True, integer=True)", s3 = "Symbol('s3')";
  EXPECT_EQ(pt2::evaluate("Integer(12)", symbols), 12);
  EXPECT_EQ(pt2::evaluate("Mul(Integer(2), " + s77 + ")", symbols), 2);
  EXPECT_EQ(pt2::evaluate("Add(Mul(Integer(-2), " + s3 + "), Integer(3), " + s77 + ")", symbols),
            -6);
  EXPECT_EQ(pt2::evaluate("FloorDiv(" + s3 + ", Integer(2))", symbols), 2);
  EXPECT_EQ(pt2::evaluate("Mod(Integer(-1), Integer(4))", symbols), 3);
}

TEST(Expressions, NonsenseHasNoValue) {
  const Symbols symbols({});
  std::string deep = "Integer(1)";
  for (int i = 0; i < 100; ++i) deep = "Add(" + deep + ", Integer(1))";
  for (const std::string &text :
       {std::string(), std::string("Integer()"), std::string("Integer(1"), std::string("Pow(2)"),
        std::string("Symbol('unknown')"), std::string("Add())("), std::string("Add(Integer(1))"),
        std::string("FloorDiv(Integer(1), Integer(0))"),
        std::string("Mul(Integer(9223372036854775807), Integer(2))"), deep})
    EXPECT_EQ(pt2::evaluate(text, symbols), std::nullopt) << text;
}

TEST(Schemas, FillInWhatFilesLeaveOut) {
  const pt2::Schema *conv = pt2::find_schema("conv2d.default");
  ASSERT_TRUE(conv);
  EXPECT_EQ((*conv)[1].name, "weight");
  EXPECT_EQ((*conv)[1].kind, pt2::Parameter::Kind::kTensor);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>((*conv)[3].otherwise), ElementsAre(1, 1));
  const pt2::Schema *leaky = pt2::find_schema("leaky_relu.default");
  ASSERT_TRUE(leaky);
  EXPECT_EQ(std::get<double>((*leaky)[1].otherwise), 0.01);
  EXPECT_EQ(pt2::find_schema("add_.Tensor"), pt2::find_schema("add.Tensor"));
  EXPECT_EQ(pt2::find_schema("conv9d.default"), nullptr);
}

ops::ForeignNode aten(const char *op, std::vector<std::string> inputs, const char *output) {
  ops::ForeignNode node;
  node.name = output;
  node.domain = "aten";
  node.op = op;
  node.inputs = std::move(inputs);
  node.outputs = {output};
  return node;
}

TEST(InPlace, LaterReadersSeeTheNewValue) {
  ops::ForeignGraph graph;
  graph.nodes = {aten("conv2d.default", {"x"}, "c"), aten("relu_.default", {"c"}, "r"),
                 aten("add.Tensor", {"r", "c"}, "y"), aten("view.default", {"r"}, "v"),
                 aten("add.Tensor", {"v", "y"}, "z")};
  graph.outputs = {{"c", {}, ops::ForeignType::kF32}};
  EXPECT_TRUE(pt2::remove_in_place(graph).empty());
  EXPECT_EQ(graph.nodes[1].op, "relu.default");
  EXPECT_THAT(graph.nodes[2].inputs, ElementsAre("r", "r"));
  EXPECT_EQ(graph.outputs[0].name, "r");
}

TEST(InPlace, ReadsBehindAnOverwrittenViewAreRefused) {
  ops::ForeignGraph graph;
  graph.nodes = {aten("conv2d.default", {"x"}, "c"), aten("flatten.using_ints", {"c"}, "f"),
                 aten("relu_.default", {"f"}, "r"), aten("sigmoid.default", {"c"}, "y")};
  EXPECT_EQ(pt2::remove_in_place(graph).size(), 1u);
}

}  // namespace
}  // namespace thimble::frontends
