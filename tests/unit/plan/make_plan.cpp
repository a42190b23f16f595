// Whole plans of the networks that the planner is judged by.
#include "networks.h"

namespace thimble::plan {
namespace {

Plan planned(const ir::Graph &graph, const Options &options) {
  Result<Plan> plan = make_plan(graph, options);
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  if (!plan.ok()) return {};
  EXPECT_EQ(messages(check_plan(graph, plan->program)), "");
  EXPECT_GE(plan->arena_bytes, plan->lower_bound);
  EXPECT_LE(plan->peak.live_bytes, plan->arena_bytes);
  return *std::move(plan);
}

TEST(MakePlan, LeNet5FitsWithItsInputInTheArena) {
  const Plan plan = planned(lenet5(), {});
  EXPECT_TRUE(plan.placement_proven);
  EXPECT_LE(plan.arena_bytes, 1750) << describe(plan);
}

TEST(MakePlan, LeNet5FitsWithItsInputStreamed) {
  Options options;
  options.stream_in = true;
  const Plan plan = planned(lenet5(), options);
  EXPECT_TRUE(plan.placement_proven);
  EXPECT_LE(plan.arena_bytes, 1200) << describe(plan);
}

TEST(MakePlan, TheDieStreamsItsFaceFromAFewRows) {
  Options options;
  options.stream_out = true;
  const Plan plan = planned(die_929(), options);
  EXPECT_TRUE(plan.placement_proven);
  EXPECT_LE(plan.arena_bytes, 455) << describe(plan);
}

TEST(MakePlan, TheLargeDieKeepsThreeRowsOfEachLayer) {
  Options options;
  options.stream_out = true;
  const Plan plan = planned(die_3889(), options);
  EXPECT_TRUE(plan.placement_proven);
  EXPECT_LE(plan.arena_bytes, 2407) << describe(plan);
}

}  // namespace
}  // namespace thimble::plan
