#include "ir/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ir/verify.h"

namespace thimble::ir {
namespace {

constexpr const char *kTiny = R"(graph tiny
input x: f32[8x8x1]
node conv: Conv2d(x; w, b) {pad = [1, 1, 1, 1], alpha = 1.0, act = "re\"lu"} -> y: f32[8x8x4]
output y dims [1, 4, 8, 8]
const w: f32[4, 3, 3, 1] = random(1, 0.3)
const b: f32[4] = [0.1, -1, 1e-30, 3]
)";

Graph parsed(std::string_view text) {
  auto graph = parse(text, "t.thm");
  EXPECT_TRUE(graph.ok()) << to_string(graph.diagnostics().at(0));
  return *std::move(graph);
}

std::vector<std::string> errors_of(std::string_view text) {
  auto graph = parse(text, "t.thm");
  EXPECT_FALSE(graph.ok());
  std::vector<std::string> errors;
  for (const Diagnostic &error : graph.diagnostics())
    errors.push_back(error.file + " " + error.what);
  return errors;
}

TEST(Text, ReadsBackWhatItPrints) {
  const Graph graph = parsed(kTiny);
  EXPECT_TRUE(verify(graph).empty());
  const std::string printed = print(graph);
  EXPECT_EQ(print(parsed(printed)), printed);
}

TEST(Text, KeepsEveryBitOfAWeight) {
  Graph graph;
  graph.name = "bits";
  const ValueId x = graph.add_value("x", {});
  graph.add_input(x, {1, 1});
  graph.add_output(x, {1, 1});
  const std::vector<float> floats = {0.1f,
                                     -0.f,
                                     std::numeric_limits<float>::denorm_min(),
                                     1e30f,
                                     -std::numeric_limits<float>::infinity(),
                                     std::nextafter(1.f, 2.f)};
  graph.add_constant({"w", {6}, floats, {}});
  graph.add_constant({"q", {3}, std::vector<std::int8_t>{-128, 0, 127}, {0.3f, 0.1f, 1e-20f}});
  const Graph again = parsed(print(graph));
  const auto &read = std::get<std::vector<float>>(again.constant(0).data);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    EXPECT_EQ(std::signbit(read[i]), std::signbit(floats[i]));
    EXPECT_EQ(read[i], floats[i]);
  }
  EXPECT_EQ(std::get<std::vector<std::int8_t>>(again.constant(1).data),
            (std::vector<std::int8_t>{-128, 0, 127}));
  EXPECT_EQ(again.constant(1).scales, graph.constant(1).scales);
}

TEST(Text, KeepsQuantizedTypesAndOddNames) {
  Graph graph;
  graph.name = "odd name";
  Type type{{2, 3, 4}, DType::kI8, Quant{0.1f, -5}};
  const ValueId x = graph.add_value("a \"b\"\\\x01", type);
  graph.add_input(x, {1, 4, 2, 3});
  graph.add_output(x, {1, 4, 2, 3});
  const Graph again = parsed(print(graph));
  EXPECT_EQ(again.name, graph.name);
  EXPECT_EQ(again.value(0).name, graph.value(0).name);
  EXPECT_EQ(again.value(0).type, type);
}

TEST(Text, TellsRealAttributesFromIntegers) {
  const Graph graph = parsed(kTiny);
  EXPECT_EQ(graph.node(0).integer("alpha", 7), 7);  // a real is not an integer
  EXPECT_EQ(graph.node(0).real("alpha", 7), 1.0);
  EXPECT_EQ(graph.node(0).text("act", ""), "re\"lu");
  EXPECT_EQ(graph.node(0).integers("pad"), (std::vector<std::int64_t>{1, 1, 1, 1}));
}

TEST(Text, RandomWeightsAreReproducibleAndSpread) {
  const auto weights = std::get<std::vector<float>>(parsed(kTiny).constant(0).data);
  const auto again = std::get<std::vector<float>>(parsed(kTiny).constant(0).data);
  EXPECT_EQ(weights, again);
  const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
  EXPECT_LT(*least, -0.1f);
  EXPECT_GT(*most, 0.1f);
  EXPECT_LE(*most, 0.3f);
}

TEST(Text, LeavesOutWeightsOnlyForReading) {
  const std::string elided = print(parsed(kTiny), Weights::kElided);
  EXPECT_NE(elided.find("const b: f32[4] = ..."), std::string::npos);
  EXPECT_FALSE(parse(elided, "t.thm").ok());
}

TEST(Text, ReportsEveryErrorWithItsLine) {
  const auto errors = errors_of(
      "graph t\n"
      "input x: f33[1x1x2]\n"
      "node a: Relu(nobody) -> y: f32[1x1x2]\n"
      "const w: f32[3] = [1, 2]\n"
      "const b: i8[1] = [300]\n"
      "rubbish\n");
  ASSERT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors[0], "t.thm:2 expected f32, i8 or i32, found 'f'");
  EXPECT_EQ(errors[1], "t.thm:3 unknown value 'nobody'");
  EXPECT_EQ(errors[2], "t.thm:4 2 elements for 3 places");
  EXPECT_EQ(errors[3], "t.thm:5 number out of range");
  EXPECT_EQ(errors[4], "t.thm:6 expected graph, input, output, const or node, found 'r'");
}

TEST(Text, AMissingPieceDoesNotSwallowTheNextStatement) {
  const auto errors = errors_of("graph t\ninput x: f32[1x1x1] dims\noutput z\n");
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0], "t.thm:2 expected '[', found 'o'");
  EXPECT_EQ(errors[1], "t.thm:3 unknown value 'z'");
}

TEST(Text, SurvivesEveryPrefixOfAFile) {
  const std::string text = print(parsed(kTiny));
  for (std::size_t size = 0; size < text.size(); ++size) {
    (void)parse(std::string_view(text).substr(0, size), "t.thm");
  }
}

TEST(Text, RefusesAbsurdSizes) {
  EXPECT_FALSE(parse("const w: f32[2000000000, 2000000000] = fill(0)", "t").ok());
  EXPECT_FALSE(parse("const w: f32[0] = fill(0)", "t").ok());
  EXPECT_FALSE(parse("const w: i8[1] = random(1, 1e300)", "t").ok());
}

}  // namespace
}  // namespace thimble::ir
