// Channels leave until budgets are met.
#include "recipes/slim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/operator.h"
#include "passes/prune_channels.h"
#include "train/fit.h"

namespace thimble::recipes {
namespace {

constexpr const char *kNetwork = R"(
graph small
input x: f32[6x6x2] dims [1, 2, 6, 6]
node a: Conv2d(x; aw, ab) {act = "relu", pad = [1, 1, 1, 1]} -> a
node b: Conv2d(a; bw, bb) {act = "relu", stride = [2, 2]} -> b
node l: Linear(b; lw, lb) -> l
output l dims [1, 4]
const aw: f32[12, 3, 3, 2] = random(1, 0.4)
const ab: f32[12] = random(2, 0.2)
const bw: f32[10, 3, 3, 12] = random(3, 0.2)
const bb: f32[10] = random(4, 0.2)
const lw: f32[4, 40] = random(5, 0.3)
const lb: f32[4] = random(6, 0.2)
)";

School school_of(const ir::Graph &graph) {
  train::start(1);
  School school;
  school.teacher = graph;
  school.training.inputs = {torch::randn({96, 6, 6, 2})};
  school.checking.inputs = {torch::randn({16, 6, 6, 2})};
  return school;
}

ir::Graph network() {
  auto graph = ir::parse(kNetwork, "small.thm");
  EXPECT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  return *std::move(graph);
}

Result<Needs> needs_of(const Draft &draft) {
  const ir::Graph &graph = draft.graph;
  std::int64_t rows = 0;
  for (const ir::Value &value : graph.values()) rows = std::max(rows, value.type.shape.elements());
  return Needs{passes::int8_weight_bytes(graph), rows, ops::macs(graph)};
}

Result<ir::Graph> slimmed(const ir::Graph &graph, const Budgets &budgets) {
  TRY(const Draft small, slim(school_of(graph), {graph, {}}, budgets, needs_of, {2, 1, 1e-3}));
  return small.graph;
}

TEST(Slim, ChannelsLeaveUntilEachBudgetIsMet) {
  const ir::Graph graph = network();
  const Needs before = *needs_of({graph, {}});
  for (const Budgets &budgets :
       {Budgets{before.bytes / 2, {}, {}}, Budgets{{}, before.arena / 2, {}},
        Budgets{{}, {}, before.macs / 3},
        Budgets{before.bytes * 3 / 4, before.arena * 3 / 4, before.macs / 2}}) {
    const auto small = slimmed(graph, budgets);
    ASSERT_TRUE(small.ok()) << to_string(small.diagnostics()[0]);
    const Needs after = *needs_of({*small, {}});
    EXPECT_LE(after.bytes, budgets.bytes.value_or(before.bytes));
    EXPECT_LE(after.arena, budgets.arena.value_or(before.arena));
    EXPECT_LE(after.macs, budgets.macs.value_or(before.macs));
    // An eighth of a group at a time: not far below.
    EXPECT_GE(after.macs, before.macs / 6);
    EXPECT_EQ(small->value(small->outputs()[0].value).type.shape.channels, 4);
  }
}

TEST(Slim, WhatStaysLearnsToDoWithoutTheRest) {
  const ir::Graph graph = network();
  const School school = school_of(graph);
  const Budgets budgets{{}, {}, ops::macs(graph) / 2};
  const auto small = slim(school, {graph, {}}, budgets, needs_of, {2, 30, 3e-3});
  ASSERT_TRUE(small.ok());
  const ir::Graph cut = passes::with_channels(graph, {0.7, 1});
  EXPECT_LT(score(school, small->graph, school.checking).distance,
            score(school, cut, school.checking).distance);
}

TEST(Slim, WeightsGetFewerBitsWhereTheyMay) {
  const ir::Graph graph = network();
  const std::size_t weights = weights_of(graph).size();
  const auto packed = [](const Draft &draft) -> Result<Needs> {
    Needs needs;
    for (const auto &[id, levels] : levels_of(draft))
      needs.bytes += passes::packed_bytes(draft.graph.constant(id), levels);
    return needs;
  };
  const Draft given{graph, std::vector<std::string>(weights, "8")};
  const Budgets budgets{packed(given)->bytes * 3 / 5, {}, {}};
  Pace pace{2, 1, 1e-3};
  const auto fixed = slim(school_of(graph), given, budgets, packed, pace);
  pace.fewer_bits = true;
  const auto small = slim(school_of(graph), given, budgets, packed, pace);
  ASSERT_TRUE(fixed.ok() && small.ok());
  EXPECT_EQ(fixed->bits, given.bits);
  EXPECT_NE(small->bits, given.bits);
  EXPECT_LE(packed(*small)->bytes, *budgets.bytes);
  EXPECT_GE(ops::parameter_count(small->graph), ops::parameter_count(fixed->graph));
}

TEST(Slim, ANetworkWithinItsBudgetsStays) {
  const ir::Graph graph = network();
  const Needs needs = *needs_of({graph, {}});
  const auto same = slimmed(graph, {needs.bytes, needs.arena, needs.macs});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(ir::print(*same), ir::print(graph));
}

TEST(Slim, BudgetsThatOneChannelOfEachLayerExceedsAreSaid) {
  const ir::Graph graph = network();
  for (const Budgets &budgets : {Budgets{10, {}, {}}, Budgets{{}, 5, {}}, Budgets{{}, {}, 1}}) {
    const auto small = slimmed(graph, budgets);
    ASSERT_FALSE(small.ok());
    const Diagnostic &error = small.diagnostics()[0];
    EXPECT_THAT(error.what, testing::HasSubstr("cannot be made so small"));
    EXPECT_FALSE(error.why.empty());
    EXPECT_FALSE(error.fix.empty());
  }
}

TEST(Slim, WhatIsWrongWithNeedsIsPassedOn) {
  const ir::Graph graph = network();
  const auto broken = [](const Draft &) -> Result<Needs> { return model_error("no plan"); };
  const auto small = slim(school_of(graph), {graph, {}}, {10, {}, {}}, broken, {2, 1, 1e-3});
  ASSERT_FALSE(small.ok());
  EXPECT_EQ(small.diagnostics()[0].what, "no plan");
}

}  // namespace
}  // namespace thimble::recipes
