// What is said to need less is what planning with those options gives.
#include "api/remedies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/infer.h"

namespace thimble::api {
namespace {

using ::testing::Contains;
using ::testing::Not;

// Two convolutions of an input that fills the arena.
Network wide_network() {
  auto graph = ir::parse(R"(graph wide
input x: f32[16x16x4]
node conv1: Conv2d(x; w1, b1) {pad = [1, 1, 1, 1]} -> a
node conv2: Conv2d(a; w2, b2) {pad = [1, 1, 1, 1], stride = [2, 2]} -> y
output y dims [1, 2, 8, 8]
const w1: f32[2, 3, 3, 4] = random(1, 0.3)
const b1: f32[2] = random(2, 0.1)
const w2: f32[2, 3, 3, 2] = random(3, 0.3)
const b2: f32[2] = random(4, 0.1)
)",
                         "wide.thm");
  EXPECT_TRUE(graph.ok());
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  Network network;
  network.model.graph = network.float_graph = *graph;
  return network;
}

report::Analysis explained(const Network &network, const PlanOptions &options) {
  const auto plan = plan::make_plan(network.model.graph, planning_of(options));
  EXPECT_TRUE(plan.ok());
  report::Analysis analysis;
  analysis.arena_bytes = plan->arena_bytes;
  EXPECT_TRUE(explain(network, options, *plan, analysis).ok());
  return analysis;
}

report::Analysis explained(const PlanOptions &options) {
  return explained(wide_network(), options);
}

std::vector<std::string> options_of(const std::vector<report::Remedy> &remedies) {
  std::vector<std::string> options;
  for (const report::Remedy &remedy : remedies) options.push_back(remedy.option);
  return options;
}

TEST(Remedies, NeedWhatPlanningWithThemGives) {
  const report::Analysis analysis = explained({});
  ASSERT_FALSE(analysis.peak.remedies.empty());
  std::int64_t before = 0;
  for (const report::Remedy &remedy : analysis.peak.remedies) {
    EXPECT_LT(remedy.bytes, analysis.arena_bytes);
    EXPECT_LE(before, remedy.bytes) << "the best first";
    before = remedy.bytes;
    if (remedy.option != "--stream-in") continue;
    const auto plan = plan::make_plan(wide_network().model.graph, {.stream_in = true});
    EXPECT_EQ(remedy.bytes, plan->arena_bytes);
  }
  EXPECT_THAT(options_of(analysis.peak.remedies), Contains("--stream-in"));
}

// As large at its beginning as at its end.
TEST(Remedies, OfTwoEqualPeaksBothMayBeStreamed) {
  auto graph = ir::parse(R"(graph vase
input x: f32[1x1x64]
node in: Linear(x; w1, b1) -> a
node out: Linear(a; w2, b2) -> y
output y dims [1, 64]
const w1: f32[4, 64] = random(1, 0.3)
const b1: f32[4] = random(2, 0.1)
const w2: f32[64, 4] = random(3, 0.3)
const b2: f32[64] = random(4, 0.1)
)",
                         "vase.thm");
  ASSERT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  Network network;
  network.model.graph = network.float_graph = *graph;
  const report::Analysis analysis = explained(network, {});
  ASSERT_EQ(analysis.arena_bytes, (64 + 4) * 4);
  EXPECT_THAT(options_of(analysis.peak.remedies), Contains("--stream-in --stream-out"));
  EXPECT_LE(analysis.peak.remedies[0].bytes, (32 + 4) * 4);  // a piece, and sums
}

TEST(Remedies, BorrowedBytesAreNamed) {
  for (const report::Remedy &remedy : explained({}).peak.remedies)
    EXPECT_EQ(remedy.outside_bytes, remedy.option == "--borrow-input" ? 16 * 16 * 4 * 4 : 0);
}

TEST(Remedies, WhatIsGivenIsNotAdvised) {
  PlanOptions options;
  options.stream_in = options.stream_out = true;
  options.residency = "lines";
  const report::Analysis analysis = explained(options);
  EXPECT_TRUE(analysis.peak.remedies.empty());
  EXPECT_TRUE(analysis.peak.not_better.empty());
}

TEST(Remedies, AnInputNeedNotBeKept) {
  PlanOptions options;
  options.keep_input = true;
  EXPECT_THAT(options_of(explained(options).peak.remedies), Contains("no --keep-input"));
  EXPECT_THAT(options_of(explained({}).peak.remedies), Not(Contains("no --keep-input")));
}

TEST(Remedies, APoolingMayBecomeAStride) {
  auto graph = ir::parse(R"(graph pooled
input x: f32[16x16x1]
node conv: Conv2d(x; w, b) {pad = [1, 1, 1, 1]} -> c
node mean: AveragePool2d(c) {kernel = [3, 3], pad = [1, 1, 1, 1], stride = [2, 2]} -> y
output y dims [1, 8, 8, 8]
const w: f32[8, 3, 3, 1] = random(1, 0.3)
const b: f32[8] = random(2, 0.1)
)",
                         "pooled.thm");
  ASSERT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  Network network;
  network.model.graph = network.float_graph = *graph;
  const report::Analysis analysis = explained(network, {});
  ASSERT_EQ(analysis.peak.retrainings.size(), 1u);
  EXPECT_LT(analysis.peak.retrainings[0].bytes, analysis.arena_bytes);
  EXPECT_TRUE(explained({}).peak.retrainings.empty());
}

TEST(Savings, EndWithThePlan) {
  PlanOptions options;
  options.stream_in = true;
  options.residency = "lines";
  const report::Analysis analysis = explained(options);
  ASSERT_FALSE(analysis.savings.empty());
  EXPECT_EQ(analysis.savings.front().rule, plan::Rule::kApart);
  EXPECT_EQ(analysis.savings.back().rule, plan::Rule::kPorts);
  EXPECT_EQ(analysis.savings.back().bytes, analysis.arena_bytes);
}

}  // namespace
}  // namespace thimble::api
