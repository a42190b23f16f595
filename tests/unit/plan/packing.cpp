// The ways to share memory, on networks whose figures can be worked out by hand.
#include "plan/packing.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/infer.h"
#include "plan/plan.h"

namespace thimble::plan {
namespace {

constexpr int kK = 1000;

// Two branches of one input: 800 K is read to make 700 K and 1000 K, each of which is boiled down
// to 10 K; the two are joined. As given, both large tensors are made before either is used up:
//
//   in (800) -> p (700) -> q (10) --> join
//            -> r (1000) -> s (10) -/
//
// Buffers of 800, 700 and 1000 K. With q made before r, the buffer of p can be that of r if it is
// as large as r needs: 800 + 1000 K, and 10 K for q meanwhile. Operators are of no known type, so
// that nothing else can help.
Outline two_branches() {
  Outline outline;
  outline.name = "two_branches";
  for (const auto &[id, size] :
       {std::pair{"in", 800}, {"p", 700}, {"r", 1000}, {"q", 10}, {"s", 10}, {"join", 10}})
    outline.tensors.push_back({id, {1, size * kK}});
  const auto op = [&](std::vector<int> in, int out) {
    Outline::Op op;
    op.type = "Mystery";
    op.in = std::move(in);
    op.out = {out};
    outline.ops.push_back(op);
  };
  op({0}, 1);
  op({0}, 2);
  op({1}, 3);
  op({2}, 4);
  op({3, 4}, 5);
  outline.inputs = {0};
  outline.outputs = {5};
  return outline;
}

TEST(Packing, BetterOrderAndOneOversizedBufferTake1810K) {
  const Packing packing = *pack(two_branches(), 1);
  EXPECT_EQ(packing.at(Way::kApart).bytes, 2530 * kK);
  EXPECT_EQ(packing.at(Way::kPool).bytes, 2500 * kK);
  EXPECT_EQ(packing.at(Way::kBySize).bytes, 2500 * kK);
  EXPECT_EQ(packing.at(Way::kOffsets).bytes, 2500 * kK);
  EXPECT_TRUE(packing.at(Way::kOffsets).proven);
  EXPECT_EQ(packing.at(Way::kOrder).bytes, 1810 * kK);
  EXPECT_TRUE(packing.order_proven);
  EXPECT_EQ(packing.at(Way::kMerged).bytes, 1810 * kK);
  EXPECT_EQ(packing.at(Way::kRows).bytes, 1810 * kK);
}

TEST(Packing, ThePlanRunsTheNodesInTheBetterOrder) {
  const Outlined graph = *outlined(two_branches());
  const Plan plan = *make_plan(graph.graph, graph.behaviours, {});
  EXPECT_EQ(plan.arena_bytes, 1810 * kK);
  EXPECT_TRUE(plan.placement_proven);
  std::vector<ir::NodeId> nodes;
  for (const Step &step : plan.program.steps) {
    const Call &call = plan.program.calls[plan.program.groups[step.group].sink];
    if (call.phase == Phase::kRow) nodes.push_back(call.node);
  }
  EXPECT_EQ(nodes, (std::vector<ir::NodeId>{0, 2, 1, 3, 4}));
}

// A pool cannot grow: the second tensor finds the first buffer too small, offsets need not care.
TEST(Packing, NeverResizedBuffersWasteWhatTheirFirstTensorsDoNotFill) {
  Outline outline;
  for (int size : {1, 10, 2, 20, 1}) {
    outline.tensors.push_back({std::to_string(outline.tensors.size()), {1, size}});
    if (outline.tensors.size() == 1) continue;
    Outline::Op op;
    op.type = "Mystery";
    op.in = {static_cast<int>(outline.tensors.size()) - 2};
    op.out = {static_cast<int>(outline.tensors.size()) - 1};
    outline.ops.push_back(op);
  }
  outline.inputs = {0};
  outline.outputs = {4};
  const Packing packing = *pack(outline, 1);
  EXPECT_EQ(packing.at(Way::kApart).bytes, 34);
  EXPECT_EQ(packing.at(Way::kPool).bytes, 1 + 10 + 2 + 20);
  EXPECT_EQ(packing.at(Way::kBySize).bytes, 20 + 2);
  EXPECT_EQ(packing.at(Way::kGreedy).bytes, 22);
  EXPECT_EQ(packing.at(Way::kOffsets).bytes, 22);
}

std::vector<Saving> savings_of(const char *text, const Options &options) {
  const auto graph = [&] {
    ir::Graph parsed = *ir::parse(text, "net.thm");
    EXPECT_TRUE(ops::infer_types(parsed).ok());
    return parsed;
  }();
  return *savings(graph, options, *make_plan(graph, options), 1);
}

// x (100 B) and two activations of it: apart 300, two alive at a time 200, all in place 100; each
// is made as its row is asked for, and a row is all there is.
TEST(Savings, OfActivationsAreInPlace) {
  const auto found = savings_of(R"(graph net
input x: f32[1x1x25]
node a: Relu(x) -> r
node b: Relu(r) -> y
output y
)",
                                {});
  const std::vector<Saving> expected = {
      {Rule::kApart, 300}, {Rule::kLives, 200}, {Rule::kInPlace, 100}, {Rule::kRows, 100}};
  EXPECT_EQ(found, expected);
}

// Both halves (32 B each) of y are made where y lies: apart 32 + 3 * 32 + 64; the copy needs both
// and y.
TEST(Savings, PartsOfAConcatAreViews) {
  const auto found = savings_of(R"(graph net
input x: f32[2x2x2]
node a: Relu(x) -> r
node b: Sigmoid(x) -> s
node c: Concat(r, s) {axis = 0} -> y
output y
)",
                                {.keep_input = true, .layer_by_layer = true});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].bytes, 32 + 2 * 32 + 64);
  EXPECT_EQ(found[3].rule, Rule::kViews);
  EXPECT_EQ(found[3].bytes, 32 + 64);
  EXPECT_GT(found[2].bytes, found[3].bytes);
}

}  // namespace
}  // namespace thimble::plan
