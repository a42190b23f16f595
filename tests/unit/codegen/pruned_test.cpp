// Networks of every kind with channels left out: random ones, and those of the shared models folder
// (skipped where it is absent).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "frontends/onnx/write_onnx.h"
#include "frontends/read_model.h"
#include "host_program.h"
#include "ops/evaluate.h"
#include "ops/import.h"
#include "passes/pipeline.h"
#include "passes/prune_channels.h"
#include "random_blocks.h"
#include "random_graphs.h"
#include "random_stacks.h"
#include "support/files.h"

namespace thimble::codegen {
namespace {

namespace fs = std::filesystem;
using passes::ChannelGroup;

constexpr unsigned kNetworks = 300;  // of each kind

// Every third channel leaves.
std::vector<int> two_thirds(const ChannelGroup &group) {
  std::vector<int> kept;
  for (int c = 0; c < group.channels; ++c)
    if (c % 3 != 2) kept.push_back(c);
  return kept;
}

bool keeps_one_of_each(const ChannelGroup &group, const std::vector<int> &kept) {
  return std::all_of(group.members.begin(), group.members.end(), [&](const auto &member) {
    return std::any_of(member.channel_of.begin(), member.channel_of.end(), [&](int channel) {
      return channel == passes::kOtherGroup || std::count(kept.begin(), kept.end(), channel);
    });
  });
}

// The weights that read other channels than the kept ones become zero.
void clear_readers(ir::Graph &graph, const ChannelGroup &group, const std::vector<int> &kept) {
  for (const passes::ChannelMember &member : group.members) {
    if (member.axis == 0) continue;
    ir::Constant &weight = graph.constant(graph.node(member.node).constants[member.constant]);
    auto &data = std::get<std::vector<float>>(weight.data);
    for (std::size_t i = 0; i < data.size(); ++i) {
      const int channel = member.channel_of[i % member.channel_of.size()];
      if (channel != passes::kOtherGroup && !std::count(kept.begin(), kept.end(), channel))
        data[i] = 0;
    }
  }
}

void expect_equal_outputs(const ir::Graph &a, const ir::Graph &b) {
  const auto inputs = random_inputs(a, kInputSeed);
  const auto expected = ops::evaluate_outputs(a, {}, inputs);
  const auto found = ops::evaluate_outputs(b, {}, inputs);
  ASSERT_EQ(expected.size(), found.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(expected[i].type, found[i].type);
    ASSERT_EQ(expected[i].f32.size(), found[i].f32.size());
    EXPECT_EQ(std::memcmp(expected[i].f32.data(), found[i].f32.data(), 4 * found[i].f32.size()), 0);
  }
}

bool tells(const ir::Graph &graph) {
  return !is_constant(ops::evaluate_outputs(graph, {}, random_inputs(graph, kInputSeed))[0]);
}

// Returns how many groups were pruned; none where the output is the same everywhere then.
int expect_prunable(ir::Graph graph) {
  const auto groups = passes::channel_groups(graph);
  passes::KeptChannels kept(groups.size());
  int pruned_groups = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto some = two_thirds(groups[i]);
    if (!groups[i].prunable || !keeps_one_of_each(groups[i], some)) continue;
    kept[i] = some;
    clear_readers(graph, groups[i], some);
    ++pruned_groups;
  }
  const ir::Graph pruned = passes::prune_channels(graph, groups, kept);
  const Diagnostics broken = ops::verify(pruned);
  EXPECT_TRUE(broken.empty()) << to_string(broken[0]);
  for (std::size_t i = 0; i < groups.size(); ++i)
    for (const passes::ChannelMember &member : groups[i].members)
      if (kept[i]) {
        const auto &dims =
            pruned.constant(pruned.node(member.node).constants[member.constant]).dims;
        EXPECT_LE(dims[member.axis], static_cast<int>(member.channel_of.size()));
      }
  expect_equal_outputs(graph, pruned);
  return tells(pruned) ? pruned_groups : 0;
}

class Pruned : public testing::TestWithParam<Network (*)(unsigned)> {};

TEST_P(Pruned, ComputesTheSameWhereNothingReadsWhatIsPruned) {
  int groups = 0;
  for (unsigned seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    groups += expect_prunable(prepare(GetParam()(seed), {}));
  }
  EXPECT_GT(groups, static_cast<int>(kNetworks) / 2);
  fmt::print("{} groups of {} networks\n", groups, kNetworks);
}

TEST_P(Pruned, IsASoundNetworkWithAnyShareOfItsChannels) {
  for (unsigned seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    const ir::Graph graph = prepare(GetParam()(seed), {});
    std::int64_t before = ops::parameter_count(graph) + 1;
    for (const double share : {0.75, 0.5, 0.01}) {
      const ir::Graph pruned = passes::with_channels(graph, {share});
      EXPECT_TRUE(ops::verify(pruned).empty());
      EXPECT_LE(ops::parameter_count(pruned), before);
      before = ops::parameter_count(pruned);
    }
  }
}

TEST_P(Pruned, PoolingsAsStridesKeepAllShapes) {
  int replaced = 0;
  for (unsigned seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    const ir::Graph graph = prepare(GetParam()(seed), {});
    const auto strided = passes::run_passes(graph, {"pool-to-stride"});
    ASSERT_TRUE(strided.ok());
    const ir::ValueId before = graph.outputs()[0].value, after = strided->outputs()[0].value;
    EXPECT_EQ(graph.value(before).type, strided->value(after).type);
    EXPECT_LE(ops::macs(*strided), ops::macs(graph));
    replaced += static_cast<int>(graph.nodes().size() - strided->nodes().size());
  }
  fmt::print("{} poolings of {} networks\n", replaced, kNetworks);
  EXPECT_GT(replaced, 10);
}

INSTANTIATE_TEST_SUITE_P(Networks, Pruned,
                         testing::Values(random_graph, random_stack, random_blocks));

TEST(PrunedNetworks, OfEveryOperatorComputeTheSame) {
  int groups = 0;
  for (const Network &network : networks()) {
    SCOPED_TRACE(network.name);
    groups += expect_prunable(prepare(network, {}));
  }
  EXPECT_GT(groups, 20);
}

// Written as ONNX and read again.
ir::Graph there_and_back(const ir::Graph &graph) {
  const auto bytes = frontends::onnx::write_onnx(graph);
  if (!bytes.ok()) throw std::runtime_error(to_string(bytes.diagnostics()[0]));
  const fs::path file = fs::path(testing::TempDir()) / (graph.name + "_pruned.onnx");
  if (!write_file(file, *bytes).ok()) throw std::runtime_error("cannot write " + file.string());
  const auto foreign = frontends::read_model(file);
  fs::remove(file);
  if (!foreign.ok()) throw std::runtime_error(to_string(foreign.diagnostics()[0]));
  auto read = ops::import_graph(*foreign);
  if (!read.ok()) throw std::runtime_error(to_string(read.diagnostics()[0]));
  auto passed = passes::run_pipeline(*std::move(read));
  if (!passed.ok()) throw std::runtime_error(to_string(passed.diagnostics()[0]));
  return *std::move(passed);
}

TEST(PrunedNetworks, AreReadBackFromOnnx) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE(seed);
    const ir::Graph pruned = passes::with_channels(prepare(random_blocks(seed), {}), {0.5});
    expect_equal_outputs(pruned, there_and_back(pruned));
  }
}

class SharedNetwork : public testing::TestWithParam<std::string> {};

TEST_P(SharedNetwork, LosesHalfOfItsChannels) {
  const fs::path file = fs::path(THIMBLE_SHARED_DIR) / "models" / "torch" / (GetParam() + ".pt2");
  if (!fs::exists(file)) GTEST_SKIP() << "'" << file.string() << "' is not here";
  const auto foreign = frontends::read_model(file);
  ASSERT_TRUE(foreign.ok());
  const auto imported = ops::import_graph(*foreign);
  ASSERT_TRUE(imported.ok());
  const auto passed = passes::run_pipeline(*imported);
  ASSERT_TRUE(passed.ok());
  const ir::Graph graphs[] = {*imported, *passed};  // with BatchNorms, and without
  for (const ir::Graph &graph : graphs) {
    const auto groups = passes::channel_groups(graph);
    EXPECT_GT(std::count_if(groups.begin(), groups.end(),
                            [](const ChannelGroup &group) { return group.prunable; }),
              2);
    EXPECT_GT(expect_prunable(graph), 2);
    const ir::Graph half = passes::with_channels(graph, {0.5});
    EXPECT_TRUE(ops::verify(half).empty());
    EXPECT_LT(ops::parameter_count(half), ops::parameter_count(graph) * 2 / 3);
    EXPECT_LT(ops::macs(half), ops::macs(graph) * 2 / 3);
  }
  const ir::Graph half = passes::with_channels(*passed, {0.5});
  fmt::print("{}: {} parameters, {} MACs; with half the channels {} and {}\n", GetParam(),
             ops::parameter_count(*passed), ops::macs(*passed), ops::parameter_count(half),
             ops::macs(half));
  expect_equal_outputs(half, there_and_back(half));
}

INSTANTIATE_TEST_SUITE_P(Models, SharedNetwork,
                         testing::Values("resnet8_bn", "dscnn_bn", "lenet5", "dec_ct", "dec_up"));

}  // namespace
}  // namespace thimble::codegen
