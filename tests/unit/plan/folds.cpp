// Max pooling that folds rows into its output's own: plans that need it, and unsafe programs.
#include "networks.h"

namespace thimble::plan {
namespace {

constexpr int kFoldMode = 1;

Options with(Lines lines, bool stream_in = false) {
  Options options;
  options.lines = lines;
  options.stream_in = stream_in;
  return options;
}

// A wide layer before pooling: its rows need not wait for each other.
ir::Graph wide_before_pool(int kernel, int stride, int pad) {
  NetworkBuilder net;
  const ir::ValueId wide = net.conv(net.input(13, 13, 1), 8, 3, 1, 1);
  net.output(net.conv(net.pool(wide, kernel, stride, pad), 2, 3, 1, 0));
  return net.graph();
}

Plan planned(const ir::Graph &graph, const Options &options) {
  const Result<Plan> plan = make_plan(graph, options);
  EXPECT_TRUE(plan.ok()) << messages(plan.diagnostics());
  return plan.ok() ? *plan : Plan{};
}

TEST(Folds, LeNet5NeedsOneConvolutionPixelBeforeEachPooling) {
  const Plan resident = planned(lenet5(), with(Lines::kChosen));
  EXPECT_TRUE(resident.placement_proven);
  EXPECT_LE(resident.arena_bytes, 1100) << describe(resident);
  const Plan streamed = planned(lenet5(), with(Lines::kChosen, true));
  EXPECT_TRUE(streamed.placement_proven);
  EXPECT_LE(streamed.arena_bytes, 950) << describe(streamed);
}

TEST(Folds, WholeRowsAreFoldedOnlyWhereAsked) {
  Options options = with(Lines::kNever);
  const std::int64_t by_pixel = planned(lenet5(), options).arena_bytes;
  options.whole_rows = true;
  const Plan plan = planned(lenet5(), options);
  EXPECT_GT(plan.arena_bytes, by_pixel) << describe(plan);
  EXPECT_LT(plan.arena_bytes, by_pixel + 28 * 6 * 2) << describe(plan);
  for (const Residency &residency : plan.residencies)
    EXPECT_NE(residency.kind, ResidencyKind::kTile) << describe(plan);
}

TEST(Folds, OverlappingWindowsFoldARowIntoTwo) {
  const ir::Graph graph = wide_before_pool(3, 2, 1);
  const Plan plan = planned(graph, with(Lines::kNever, true));
  EXPECT_EQ(plan.modes[1], kFoldMode);
  // One pixel of the convolution; three pooled rows to read and one begun.
  EXPECT_EQ(plan.residencies[1].kind, ResidencyKind::kTile) << describe(plan);
  EXPECT_EQ(plan.residencies[2].rows, 4) << describe(plan);
}

TEST(Folds, WindowsThatPassOverRowsAreReadAsAWhole) {
  const ir::Graph graph = wide_before_pool(2, 3, 0);
  EXPECT_EQ(behaviours_of(graph)[1].modes.size(), 1u);
}

// 4 x 4 input bytes at 4, their 2 x 2 maxima at `out_at`, row by row.
Program folding(std::int64_t out_at) {
  Program program;
  program.arena_bytes = 20;
  program.input_offsets = {4};
  program.output_offsets = {out_at};
  Call fold;
  fold.phase = Phase::kFold;
  fold.node = 0;
  fold.mode = kFoldMode;
  fold.inputs = {{4, 4, 4, 4, 1}};
  fold.input_values = {0};
  fold.output = {out_at, 2, 2, 2, 1};
  fold.output_value = 1;
  Call emit;
  emit.phase = Phase::kEmit;
  emit.port = 0;
  emit.inputs = {fold.output};
  emit.input_values = {1};
  program.calls = {fold, emit};
  program.groups = {{0, -1}, {1, -1}};
  program.steps = {{0, 0}, {0, 1}, {1, 0}, {0, 2}, {0, 3}, {1, 1}};
  return program;
}

ir::Graph pool_network() {
  NetworkBuilder net;
  net.output(net.pool(net.input(4, 4, 1), 2, 2));
  return net.graph();
}

TEST(CheckFolds, TheOutputMayLieOverItsDyingInput) {
  for (const std::int64_t out_at : {0, 4})
    EXPECT_EQ(messages(check_plan(pool_network(), folding(out_at))), "") << out_at;
  EXPECT_FALSE(check_plan(pool_network(), folding(5)).empty());
  EXPECT_FALSE(check_plan(pool_network(), folding(6)).empty());
}

TEST(CheckFolds, RowsAreFoldedOnceAndInOrder) {
  for (const auto &[a, b] : {std::pair{0, 1}, std::pair{1, 3}, std::pair{3, 4}}) {
    Program swapped = folding(0);
    std::swap(swapped.steps[a], swapped.steps[b]);
    EXPECT_FALSE(check_plan(pool_network(), swapped).empty()) << a;
  }
  Program twice = folding(0);
  twice.steps.insert(twice.steps.begin(), twice.steps[0]);
  EXPECT_FALSE(check_plan(pool_network(), twice).empty());
}

TEST(CheckFolds, AnUnfinishedRowIsNotARow) {
  Program early = folding(0);
  std::swap(early.steps[1], early.steps[2]);
  EXPECT_NE(messages(check_plan(pool_network(), early)).find("where an accumulator or workspace"),
            std::string::npos);
}

TEST(CheckFolds, WhatIsFoldedIntoStaysWhereItIs) {
  Program moved = folding(0);
  moved.calls.push_back(moved.calls[0]);
  moved.calls.back().output.offset = 2;
  moved.groups.push_back({2, -1});
  moved.steps[1].group = 2;
  EXPECT_NE(messages(check_plan(pool_network(), moved)).find("being folded, is destroyed by"),
            std::string::npos);
}

TEST(CheckFolds, NothingButFoldsMakesTheRows) {
  for (const Phase phase : {Phase::kRow, Phase::kBegin, Phase::kEnd}) {
    Program program = folding(0);
    program.calls[0].phase = phase;
    EXPECT_FALSE(check_plan(pool_network(), program).empty());
  }
}

}  // namespace
}  // namespace thimble::plan
