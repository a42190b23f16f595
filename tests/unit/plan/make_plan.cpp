// Whole plans of the networks that the planner is judged by.
#include "ir/text.h"
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

TEST(MakePlan, ANetworkMayBeViewsAlone) {
  NetworkBuilder flat;
  flat.output(flat.reshape(flat.input(2, 3, 4), 1, 6, 4));
  NetworkBuilder joined;
  joined.output(joined.concat({joined.input(2, 3, 4), joined.input(5, 3, 4)}, 0));
  for (const NetworkBuilder *net : {&flat, &joined}) {
    const auto plan = make_plan(net->graph(), {});
    ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
    EXPECT_EQ(plan->arena_bytes, net == &flat ? 24 : 84);
  }
}

// Of the pooled rows every second is read, by two convolutions, one of them later than the other.
constexpr const char *kGaps = R"(
graph gaps
input x: i8[10x12x3] scale 0.5 zero 0
node n0: Conv2d(x; w, b) {pad = [1, 1, 1, 1]} -> n0: i8[10x12x3] scale 0.5 zero 0
node n1: AveragePool2d(n0) {kernel = [3, 1], pad = [1, 0, 2, 0], stride = [2, 2]} -> n1: i8[6x6x3] scale 0.5 zero 0
node n2: MaxPool2d(n1) {kernel = [1, 2], stride = [1, 1]} -> n2: i8[6x5x3] scale 0.5 zero 0
node n3: Conv2d(n2; v, b) {stride = [2, 2]} -> n3: i8[3x3x3] scale 0.5 zero 0
node n4: Sigmoid(n3) -> n4: i8[3x3x3] scale 0.5 zero 0
node n5: Conv2d(n4; w, b) {pad = [1, 1, 1, 1]} -> n5: i8[3x3x3] scale 0.5 zero 0
node n6: Conv2d(n2; v, b) {stride = [2, 2]} -> n6: i8[3x3x3] scale 0.5 zero 0
node n7: Add(n5, n6) -> n7: i8[3x3x3] scale 0.5 zero 0
node n8: HardSwish(n7) -> n8: i8[3x3x3] scale 0.5 zero 0
node n9: Reduce(n8) {axes = [1], kind = "mean"} -> n9: i8[3x1x3] scale 0.5 zero 0
node n10: Linear(n9; f, g) {out_shape = [1, 1, 8]} -> n10: i8[1x1x8] scale 0.5 zero 0
output n10
const w: i8[3, 3, 3, 3] scales [0.5, 0.5, 0.5] = fill(1)
const b: i32[3] = fill(0)
const v: i8[3, 1, 1, 3] scales [0.5, 0.5, 0.5] = fill(1)
const f: i8[8, 9] scales [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5] = fill(1)
const g: i32[8] = fill(0)
)";

TEST(MakePlan, ARowStillReadGivesWayToTheNextRowOfItsSlotAlone) {
  const Result<ir::Graph> graph = ir::parse(kGaps, "gaps.thm");
  ASSERT_TRUE(graph.ok()) << messages(graph.diagnostics());
  Options options;
  options.stream_in = true;
  options.time_limit_seconds = 0.2;
  for (const Lines lines : {Lines::kChosen, Lines::kAlways}) {
    options.lines = lines;
    const auto plan = make_plan(*graph, options);  // insists on check_plan
    ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
    EXPECT_LE(plan->arena_bytes, 276);
  }
}

// `w` and its producer `c`, a pair, both read `p`, of which one pixel is kept.
constexpr const char *kBothRead = R"(
graph both
input x: f32[5x4x3]
node p: Tanh(x) -> p
node c: Conv2d(p; cw, cb) -> c
node w: Max(c, p) -> w
node d: Abs(x) -> d
node i: Min(w, d) -> i
node j: MaxPool2d(i) {kernel = [5, 1], stride = [1, 1]} -> j
node q: Add(i, j) -> q
output q
const cw: f32[1, 1, 1, 3] = fill(1)
const cb: f32[1] = fill(0)
)";

TEST(MakePlan, APixelThatBothOfAPairReadStaysForBoth) {
  Result<ir::Graph> graph = ir::parse(kBothRead, "both.thm");
  ASSERT_TRUE(graph.ok()) << messages(graph.diagnostics());
  ASSERT_TRUE(ops::infer_types(*graph).ok());
  Options options;
  options.time_limit_seconds = 0.2;
  options.lines = Lines::kAlways;
  const auto plan = make_plan(*graph, options);  // insists on check_plan
  ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
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
