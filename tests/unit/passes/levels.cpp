// The integers that weights of few bits may be, and graphs that become integers exactly.
#include "passes/levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/make_integer.h"

namespace thimble::passes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Levels levels_named(const std::string &word) {
  const auto levels = levels_of(word);
  EXPECT_TRUE(levels.ok()) << word;
  return *levels;
}

std::set<int> reached(const Levels &levels) {
  std::set<int> all;
  for (int i = -2000; i <= 2000; ++i) all.insert(levels.nearest(i / 10.0));
  return all;
}

TEST(Levels, AreThoseOfTheirBits) {
  EXPECT_EQ(reached(levels_named("8")).size(), 255u);
  EXPECT_EQ(reached(levels_named("4")).size(), 16u);
  EXPECT_THAT(reached(levels_named("2")), ElementsAre(-3, -1, 1, 3));
  EXPECT_THAT(reached(levels_named("ternary")), ElementsAre(-1, 0, 1));
  EXPECT_THAT(reached(levels_named("1")), ElementsAre(-1, 1));
}

TEST(Levels, TheNearestIsNearest) {
  for (const char *word : {"8", "4", "2", "ternary", "1"}) {
    const Levels levels = levels_named(word);
    for (int i = -1400; i <= 1400; ++i) {
      const double x = i / 10.0;
      double least = 1e9;
      for (int level = levels.low; level <= levels.high; level += levels.step)
        least = std::min(least, std::abs(x - level));
      EXPECT_DOUBLE_EQ(std::abs(x - levels.nearest(x)), least) << word << " of " << x;
    }
  }
}

TEST(Levels, OtherWordsAreRefused) {
  for (const char *word : {"", "3", "16", "-1", "0", "1.0", " 8", "binary", "Ternary"}) {
    const auto levels = levels_of(word);
    ASSERT_FALSE(levels.ok()) << word;
    EXPECT_EQ(levels.diagnostics()[0].error_class, ErrorClass::kUsage);
    EXPECT_THAT(levels.diagnostics()[0].fix, HasSubstr("ternary"));
  }
}

constexpr const char *kTwoOutputs = R"(
graph two
input x: f32[1x1x3]
node l: Linear(x; w, b) -> l
node r: Relu(l) -> r
output r dims [1, 2]
const w: f32[2, 3] = [0.5, -1, 0, 0.75, -0.25, 1.75]
const b: f32[2] = [0.125, -1]
)";

// Scales a channel 0.5 and 0.25.
ir::Graph two_outputs() {
  auto graph = ir::parse(kTwoOutputs, "two.thm");
  EXPECT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  graph->constant(0).scales = {0.5f, 0.25f};
  return *std::move(graph);
}

const Quants kQuants = {ir::Quant{0.5f, 3}, ir::Quant{0.25f, -7}, ir::Quant{0.25f, -7}};

TEST(MakeInteger, WeightsAreTheWholeNumbersOfTheirChannelsScales) {
  ir::Graph graph = two_outputs();
  const auto made = make_integer(graph, kQuants);
  ASSERT_TRUE(made.ok()) << to_string(made.diagnostics()[0]);
  EXPECT_THAT(std::get<std::vector<std::int8_t>>(graph.constant(0).data),
              ElementsAre(1, -2, 0, 3, -1, 7));
  // In input scale times weight scale: 0.25 and 0.125.
  EXPECT_THAT(std::get<std::vector<std::int32_t>>(graph.constant(1).data), ElementsAre(1, -8));
  for (std::size_t value = 0; value < kQuants.size(); ++value) {
    const ir::Type &type = graph.value(static_cast<ir::ValueId>(value)).type;
    EXPECT_EQ(type.dtype, ir::DType::kI8);
    EXPECT_EQ(type.quant, kQuants[value]);
  }
}

TEST(MakeInteger, TheIntegersAreTheNetworksExactly) {
  const ir::Graph real = two_outputs();
  ir::Graph graph = two_outputs();
  const auto made = make_integer(graph, kQuants);
  ASSERT_TRUE(made.ok()) << to_string(made.diagnostics()[0]);
  std::set<float> outputs;
  for (const std::vector<float> &x :
       {std::vector<float>{1, -2.5, 4}, {0, 0.5, -0.5}, {-3, 2, 7.5}, {6, 6, 6}}) {
    const ir::Type &type = graph.value(graph.inputs()[0].value).type;
    const auto got = ops::evaluate_outputs(graph, {}, {ops::from_real(type, x)})[0];
    ops::Tensor sample{real.value(real.inputs()[0].value).type, x, {}};
    const auto wanted = ops::evaluate_outputs(real, {}, {sample})[0].f32;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(ops::to_real(got)[i], wanted[i], 0.125f);
      outputs.insert(wanted[i]);
    }
  }
  EXPECT_GE(outputs.size(), 4u);
}

TEST(MakeInteger, AWeightBetweenTwoMultiplesIsNamed) {
  ir::Graph graph = two_outputs();
  std::get<std::vector<float>>(graph.constant(0).data)[4] = 0.3f;
  const auto made = make_integer(graph, kQuants);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.diagnostics()[0].node, "l");
  EXPECT_THAT(made.diagnostics()[0].what, HasSubstr("'w' is not made of int8 multiples"));
}

TEST(MakeInteger, AWeightBeyondEightBitsIsNamed) {
  ir::Graph graph = two_outputs();
  std::get<std::vector<float>>(graph.constant(0).data)[4] = 0.25f * 128;
  EXPECT_FALSE(make_integer(graph, kQuants).ok());
  ir::Graph least = two_outputs();
  std::get<std::vector<float>>(least.constant(0).data)[4] = -0.25f * 128;
  EXPECT_TRUE(make_integer(least, kQuants).ok());
}

TEST(MakeInteger, ABiasBeyondItsSumsIsNamed) {
  ir::Graph graph = two_outputs();
  std::get<std::vector<float>>(graph.constant(1).data)[1] = 1e12f;
  const auto made = make_integer(graph, kQuants);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.diagnostics()[0].what, HasSubstr("beyond 32-bit sums"));
}

TEST(MakeInteger, WeightsWithoutScalesAreNamed) {
  ir::Graph graph = two_outputs();
  graph.constant(0).scales.clear();
  const auto made = make_integer(graph, kQuants);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.diagnostics()[0].what, HasSubstr("'w' is not quantized"));
}

}  // namespace
}  // namespace thimble::passes
