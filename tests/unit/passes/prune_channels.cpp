// Groups of channels, written as "NAME: CHANNELS [fixed by WHAT]", and what pruning them leaves.
#include "passes/prune_channels.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/pipeline.h"

namespace thimble::passes {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

ir::Graph parsed(const std::string &text) {
  auto graph = ir::parse("graph g\n" + text, "test.thm");
  if (!graph.ok()) throw std::runtime_error(to_string(graph.diagnostics().front()));
  if (const auto types = ops::infer_types(*graph); !types.ok())
    throw std::runtime_error(to_string(types.diagnostics().front()));
  return *std::move(graph);
}

std::vector<std::string> words(const std::vector<ChannelGroup> &groups) {
  std::vector<std::string> all;
  for (const ChannelGroup &group : groups)
    all.push_back(fmt::format("{}: {}{}", group.name, group.channels,
                              group.prunable           ? ""
                              : group.fixed_by.empty() ? " alone"
                                                       : " fixed by " + group.fixed_by));
  return all;
}

// "NODE constant.axis", each with how many indices lie on it.
std::vector<std::string> members_of(const ir::Graph &graph, const ChannelGroup &group) {
  std::vector<std::string> all;
  for (const ChannelMember &member : group.members)
    all.push_back(fmt::format(
        "{} {}.{} x{}", graph.node(member.node).name, member.constant, member.axis,
        member.channel_of.size() -
            std::count(member.channel_of.begin(), member.channel_of.end(), kOtherGroup)));
  return all;
}

std::vector<ops::Tensor> outputs(const ir::Graph &graph) {
  std::vector<ops::Tensor> inputs;
  for (const ir::Port &port : graph.inputs()) {
    ops::Tensor x{graph.value(port.value).type, {}, {}};
    for (std::int64_t i = 0; i < x.type.shape.elements(); ++i)
      x.f32.push_back(std::sin(1.7f * static_cast<float>(i + 1)));
    inputs.push_back(x);
  }
  return ops::evaluate_outputs(graph, {}, inputs);
}

// The weights that read other channels than the kept ones become zero.
ir::Graph without_readers(ir::Graph graph, const ChannelGroup &group,
                          const std::vector<int> &kept) {
  for (const ChannelMember &member : group.members) {
    if (member.axis == 0) continue;
    ir::Constant &weight = graph.constant(graph.node(member.node).constants[member.constant]);
    auto &data = std::get<std::vector<float>>(weight.data);  // the axis is the last
    for (std::size_t i = 0; i < data.size(); ++i) {
      const int channel = member.channel_of[i % member.channel_of.size()];
      if (channel != kOtherGroup && !std::count(kept.begin(), kept.end(), channel)) data[i] = 0;
    }
  }
  return graph;
}

// Every prunable group by itself, and then all at once: sound, smaller, and equal to the bit where
// nothing reads what is pruned.
void expect_prunable(const ir::Graph &graph) {
  const auto groups = channel_groups(graph);
  KeptChannels all;
  ir::Graph unread = graph;
  for (const ChannelGroup &group : groups) {
    SCOPED_TRACE(group.name);
    all.emplace_back();
    if (!group.prunable) continue;
    std::vector<int> kept;
    for (int c = 0; c < group.channels; c += 2) kept.push_back(c);
    all.back() = kept;
    const ir::Graph pruned = prune_channels(graph, group, kept);
    const Diagnostics broken = ops::verify(pruned);
    EXPECT_TRUE(broken.empty()) << to_string(broken[0]) << ir::print(pruned, ir::Weights::kElided);
    EXPECT_LT(ops::parameter_count(pruned), ops::parameter_count(graph));
    unread = without_readers(unread, group, kept);
    const auto expected = outputs(without_readers(graph, group, kept));
    const auto found = outputs(prune_channels(without_readers(graph, group, kept), group, kept));
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(expected[i].f32, found[i].f32);
  }
  const auto expected = outputs(unread), found = outputs(prune_channels(unread, groups, all));
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(expected[i].f32, found[i].f32);
}

constexpr const char *kResidual = R"(
input x: f32[6x5x2]
node stem: Conv2d(x; w1, b1) {pad = [1, 1, 1, 1]} -> s
node norm: BatchNorm(s; g, h) -> n
node relu: Relu(n) -> r
node inner: Conv2d(r; w2, b2) {pad = [1, 1, 1, 1]} -> i
node outer: Conv2d(i; w3, b3) {pad = [1, 1, 1, 1]} -> o
node sum: Add(o, r) -> a
node pool: MaxPool2d(a) {kernel = [2, 2]} -> p
node mean: Reduce(p) {kind = "mean", axes = [0, 1]} -> m
node classes: Linear(m; w4, b4) -> l
node softmax: Softmax(l) -> y
output y dims [1, 3]
const w1: f32[4, 3, 3, 2] = random(1, 1)
const b1: f32[4] = random(2, 1)
const g: f32[4] = random(3, 1)
const h: f32[4] = random(4, 1)
const w2: f32[6, 3, 3, 4] = random(5, 1)
const b2: f32[6] = random(6, 1)
const w3: f32[4, 3, 3, 6] = random(7, 1)
const b3: f32[4] = random(8, 1)
const w4: f32[3, 4] = random(9, 1)
const b4: f32[3] = random(10, 1)
)";

TEST(ChannelGroups, ASumJoinsWhatMakesItsParts) {
  const ir::Graph graph = parsed(kResidual);
  const auto groups = channel_groups(graph);
  EXPECT_THAT(words(groups),
              ElementsAre("stem: 4", "inner: 6", "classes: 3 fixed by 'softmax' (Softmax)"));
  EXPECT_THAT(
      members_of(graph, groups[0]),
      UnorderedElementsAre("stem 0.0 x4", "stem 1.0 x4", "norm 0.0 x4", "norm 1.0 x4",
                           "inner 0.3 x4", "outer 0.0 x4", "outer 1.0 x4", "classes 0.1 x4"));
  expect_prunable(graph);
}

TEST(ChannelGroups, PartsOfAConcatKeepTheirOwn) {
  const ir::Graph graph = parsed(R"(
input x: f32[4x4x2]
node a: Conv2d(x; w1, b1) -> a
node b: Conv2d(a; w2, b2) -> b
node both: Concat(a, b) {axis = 2} -> ab
node norm: BatchNorm(ab; g, h) -> n
node c: Conv2d(n; w3, b3) -> c
node all: Concat(c, n, x) {axis = 2} -> all
node out: Conv2d(all; w4, b4) -> y
output y dims [1, 2, 4, 4]
const w1: f32[3, 1, 1, 2] = random(1, 1)
const b1: f32[3] = random(2, 1)
const w2: f32[4, 1, 1, 3] = random(3, 1)
const b2: f32[4] = random(4, 1)
const g: f32[7] = random(5, 1)
const h: f32[7] = random(6, 1)
const w3: f32[2, 1, 1, 7] = random(7, 1)
const b3: f32[2] = random(8, 1)
const w4: f32[2, 1, 1, 11] = random(9, 1)
const b4: f32[2] = random(10, 1)
)");
  const auto groups = channel_groups(graph);
  EXPECT_THAT(words(groups), ElementsAre("a: 3", "b: 4", "c: 2", "out: 2 fixed by output 'y'"));
  EXPECT_THAT(members_of(graph, groups[1]),
              UnorderedElementsAre("b 0.0 x4", "b 1.0 x4", "norm 0.0 x4", "norm 1.0 x4", "c 0.3 x4",
                                   "out 0.3 x4"));
  expect_prunable(graph);
}

TEST(ChannelGroups, DepthwiseFiltersFollowTheirInput) {
  const ir::Graph graph = parsed(R"(
input x: f32[6x6x2]
node point: Conv2d(x; w1, b1) -> a
node depth: Conv2d(a; w2, b2) {groups = 4, pad = [1, 1, 1, 1]} -> b
node slope: Constant(; p) -> p
node prelu: PRelu(b, p) -> r
node up: ResizeNearest(r) {scale = [2, 1]} -> u
node pad: Pad(u) {before = [1, 0, 0], after = [0, 1, 0], mode = "constant"} -> q
node out: Conv2d(q; w3, b3) -> y
output y dims [1, 1, 13, 7]
const w1: f32[4, 1, 1, 2] = random(1, 1)
const b1: f32[4] = random(2, 1)
const w2: f32[8, 3, 3, 1] = random(3, 1)
const b2: f32[8] = random(4, 1)
const p: f32[1, 1, 8] = random(5, 1)
const w3: f32[1, 1, 1, 8] = random(6, 1)
const b3: f32[1] = random(7, 1)
)");
  const auto groups = channel_groups(graph);
  EXPECT_THAT(words(groups), ElementsAre("point: 4", "out: 1 fixed by output 'y'"));
  EXPECT_THAT(members_of(graph, groups[0]),
              UnorderedElementsAre("point 0.0 x4", "point 1.0 x4", "depth 0.0 x8", "depth 1.0 x8",
                                   "slope 0.2 x8", "out 0.3 x8"));
  const ir::Graph pruned = prune_channels(graph, groups[0], {1, 3});
  EXPECT_EQ(pruned.node(1).integer("groups", 1), 2);
  EXPECT_EQ(pruned.constant(pruned.node(1).constants[0]).dims, (std::vector<int>{4, 3, 3, 1}));
  expect_prunable(graph);
}

// As PyTorch flattens: channels first.
constexpr const char *kFlattened = R"(
input x: f32[4x3x2]
node conv: Conv2d(x; w1, b1) -> c
node order: Permute(c) {perm = [2, 0, 1]} -> o
node relu: Relu(o) -> r
node flat: Reshape(r) {out_shape = [1, 1, 60]} -> f
node hidden: Linear(f; w2, b2) -> h
node picture: Reshape(h) {out_shape = [4, 2, 3]} -> v
node tanh: Tanh(v) -> t
node back: Permute(t) {perm = [1, 2, 0]} -> q
node out: ConvTranspose2d(q; w3, b3) {stride = [2, 2]} -> y
output y dims [1, 1, 4, 6]
const w1: f32[5, 1, 1, 2] = random(1, 1)
const b1: f32[5] = random(2, 1)
const w2: f32[24, 60] = random(3, 1)
const b2: f32[24] = random(4, 1)
const w3: f32[1, 2, 2, 4] = random(5, 1)
const b3: f32[1] = random(6, 1)
)";

TEST(ChannelGroups, FlatteningMakesEachChannelManyColumns) {
  const ir::Graph graph = parsed(kFlattened);
  const auto groups = channel_groups(graph);
  EXPECT_THAT(words(groups), ElementsAre("conv: 5", "hidden: 4", "out: 1 fixed by output 'y'"));
  EXPECT_THAT(members_of(graph, groups[0]),
              UnorderedElementsAre("conv 0.0 x5", "conv 1.0 x5", "hidden 0.1 x60"));
  EXPECT_THAT(members_of(graph, groups[1]),
              UnorderedElementsAre("hidden 0.0 x24", "hidden 1.0 x24", "out 0.3 x4"));
  const ir::Graph pruned = prune_channels(graph, groups[1], {0, 1, 3});
  EXPECT_EQ(pruned.node(5).integers("out_shape"), (std::vector<std::int64_t>{3, 2, 3}));
  expect_prunable(graph);
  const auto absorbed = run_pipeline(graph);
  ASSERT_TRUE(absorbed.ok());
  EXPECT_THAT(words(channel_groups(*absorbed)),
              ElementsAre("conv: 5", "hidden: 4", "out: 1 fixed by output 'y'"));
  expect_prunable(*absorbed);
}

TEST(ChannelGroups, WhatMixesChannelsFixesThem) {
  const ir::Graph graph = parsed(R"(
input x: f32[4x4x2]
node a: Conv2d(x; w1, b1) -> a
node groups: Conv2d(a; w2, b2) {groups = 2} -> b
node c: Conv2d(b; w3, b3) -> c
node lrn: Lrn(c) {size = 3} -> d
node e: Conv2d(d; w4, b4) -> e
node one: Conv2d(e; w5, b5) -> f
node gated: Mul(e, f) -> g
node out: Conv2d(g; w4, b4) -> y
output y dims [1, 4, 4, 4]
const w1: f32[4, 1, 1, 2] = random(1, 1)
const b1: f32[4] = random(2, 1)
const w2: f32[4, 1, 1, 2] = random(3, 1)
const b2: f32[4] = random(4, 1)
const w3: f32[4, 1, 1, 4] = random(5, 1)
const b3: f32[4] = random(6, 1)
const w4: f32[4, 1, 1, 4] = random(7, 1)
const b4: f32[4] = random(8, 1)
const w5: f32[1, 1, 1, 4] = random(9, 1)
const b5: f32[1] = random(10, 1)
)");
  // The last one shares its weights with e: what reads lrn's channels reads e's.
  EXPECT_THAT(words(channel_groups(graph)),
              ElementsAre("a: 4 fixed by 'groups' (Conv2d)", "c: 4 fixed by 'lrn' (Lrn)",
                          "e: 4 fixed by 'lrn' (Lrn)", "one: 1 alone"));
}

TEST(PruneChannels, BranchesOfAUShapeGoApart) {
  const ir::Graph graph = parsed(R"(
input x: f32[8x8x1]
node down: Conv2d(x; w1, b1) {pad = [1, 1, 1, 1], act = "relu"} -> d
node pool: MaxPool2d(d) {kernel = [2, 2]} -> p
node bottom: Conv2d(p; w2, b2) {pad = [1, 1, 1, 1], act = "relu"} -> b
node up: ConvTranspose2d(b; w3, b3) {stride = [2, 2]} -> u
node join: Concat(d, u) {axis = 2} -> j
node out: Conv2d(j; w4, b4) {pad = [1, 1, 1, 1]} -> y
output y dims [1, 1, 8, 8]
const w1: f32[4, 3, 3, 1] = random(1, 1)
const b1: f32[4] = random(2, 1)
const w2: f32[6, 3, 3, 4] = random(3, 1)
const b2: f32[6] = random(4, 1)
const w3: f32[3, 2, 2, 6] = random(5, 1)
const b3: f32[3] = random(6, 1)
const w4: f32[1, 3, 3, 7] = random(7, 1)
const b4: f32[1] = random(8, 1)
)");
  EXPECT_THAT(words(channel_groups(graph)),
              ElementsAre("down: 4", "bottom: 6", "up: 3", "out: 1 fixed by output 'y'"));
  expect_prunable(graph);
}

TEST(WithChannels, TheMostImportantStay) {
  ir::Graph graph = parsed(kResidual);
  auto &inner = std::get<std::vector<float>>(graph.constant(graph.node(3).constants[0]).data);
  auto &outer = std::get<std::vector<float>>(graph.constant(graph.node(4).constants[0]).data);
  for (std::size_t i = 0; i < inner.size(); ++i) inner[i] = i / 36 == 4 ? 3 : 1;
  for (std::size_t i = 0; i < outer.size(); ++i) outer[i] = i % 6 == 1 ? 2 : 1;
  const auto importance = channel_importance(graph, channel_groups(graph)[1]);
  // Of 36 weights each that make and that read it: 1, 2, or 3.
  const std::vector<double> squares = {72, 180, 72, 72, 360, 72};
  for (std::size_t i = 0; i < squares.size(); ++i)
    EXPECT_DOUBLE_EQ(importance[i], squares[i] / 138);
  const ir::Graph pruned = with_channels(graph, {0.5});
  const ir::Constant &left = pruned.constant(pruned.node(3).constants[0]);
  EXPECT_EQ(left.dims, (std::vector<int>{3, 3, 3, 2}));
  EXPECT_EQ(std::get<std::vector<float>>(left.data)[2 * 18], 3);  // 0, 1 and 4
  EXPECT_TRUE(ops::verify(pruned).empty());
}

TEST(WithChannels, CountsAreRoundedUpToAMultiple) {
  const auto shape = [](const ir::Graph &graph, ir::NodeId id) {
    return graph.value(graph.node(id).outputs[0]).type.shape.channels;
  };
  const ir::Graph graph = parsed(kResidual);
  EXPECT_EQ(shape(with_channels(graph, {0.01}), 0), 1);
  EXPECT_EQ(shape(with_channels(graph, {0.5, 4}), 3), 4);
  EXPECT_EQ(shape(with_channels(graph, {0.9, 4}), 3), 6);  // 8 there are not
  EXPECT_EQ(ir::print(with_channels(graph, {1})), ir::print(graph));
}

// a and b are all that d's eight are added to.
TEST(WithChannels, EveryPartKeepsOne) {
  ir::Graph graph = parsed(R"(
input x: f32[4x4x2]
node a: Conv2d(x; w1, b1) -> a
node b: Conv2d(x; w1b, b1) -> b
node both: Concat(a, b) {axis = 2} -> ab
node d: Conv2d(x; w2, b2) -> d
node sum: Add(ab, d) -> s
node out: Conv2d(s; w3, b3) -> y
output y dims [1, 1, 4, 4]
const w1: f32[4, 1, 1, 2] = random(1, 0.1)
const w1b: f32[4, 1, 1, 2] = random(1, 9)
const b1: f32[4] = random(2, 1)
const w2: f32[8, 1, 1, 2] = random(3, 1)
const b2: f32[8] = random(4, 1)
const w3: f32[1, 1, 1, 8] = random(5, 1)
const b3: f32[1] = random(6, 1)
)");
  EXPECT_THAT(words(channel_groups(graph)), ElementsAre("a: 8", "out: 1 fixed by output 'y'"));
  const ir::Graph pruned = with_channels(graph, {0.25});
  EXPECT_EQ(pruned.value(pruned.node(0).outputs[0]).type.shape.channels, 1);
  EXPECT_EQ(pruned.value(pruned.node(1).outputs[0]).type.shape.channels, 2);
  EXPECT_EQ(pruned.value(pruned.node(3).outputs[0]).type.shape.channels, 3);
}

TEST(WithChannels, ABudgetIsMetByTheLargestShare) {
  const ir::Graph graph = parsed(kResidual);
  const std::int64_t macs = ops::macs(graph) / 3, bytes = int8_weight_bytes(graph) / 2;
  const auto by_macs = with_channels_within(graph, {.macs = macs});
  ASSERT_TRUE(by_macs.ok());
  EXPECT_LE(ops::macs(*by_macs), macs);
  const auto by_bytes = with_channels_within(graph, {.weight_bytes = bytes});
  ASSERT_TRUE(by_bytes.ok());
  EXPECT_LE(int8_weight_bytes(*by_bytes), bytes);
  EXPECT_GT(int8_weight_bytes(*by_bytes), bytes / 2);
  const auto whole = with_channels_within(graph, {.macs = ops::macs(graph)});
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(ir::print(*whole), ir::print(graph));
  const auto never = with_channels_within(graph, {.macs = 10});
  ASSERT_FALSE(never.ok());
  EXPECT_EQ(never.diagnostics()[0].error_class, ErrorClass::kBudget);
}

}  // namespace
}  // namespace thimble::passes
