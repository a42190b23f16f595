// Chains of equal tensors, each growing over the one before, stay where they are.
#include "plan/turns.h"

#include "networks.h"

namespace thimble::plan {
namespace {

constexpr int kSide = 6, kChannels = 16;
constexpr std::int64_t kPixel = kChannels, kRow = kSide * kPixel, kTensor = kSide * kRow;

// Depthwise and pointwise pairs; layers of them.
ir::Graph chain(int layers) {
  NetworkBuilder net;
  ir::ValueId x = net.input(kSide, kSide, kChannels);
  for (int i = 0; i < layers; ++i) x = net.conv(net.depthwise(x, 3, 1, 1), kChannels, 1, 1, 0);
  net.output(x);
  return net.graph();
}

TEST(Turns, AChainOfEqualTensorsDoesNotDriftThroughTheArena) {
  for (const int layers : {1, 2, 7}) {
    const auto plan = make_plan(chain(layers), {});
    ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
    // A row and a pixel stand between a tensor and the next; a pixel is the tile.
    EXPECT_LE(plan->arena_bytes, kTensor + kRow + 2 * kPixel) << layers << describe(*plan);
    EXPECT_TRUE(plan->placement_proven);
  }
}

TEST(Turns, ColumnsOfAPairDescendWithItsRows) {
  const ir::Graph graph = chain(4);
  Program program = make_plan(graph, {})->program;
  int descending = 0;
  for (Group &group : program.groups) {
    if (!group.columns_descend) continue;
    ++descending;
    group.columns_descend = false;
    EXPECT_FALSE(check_plan(graph, program).empty());
    group.columns_descend = true;
  }
  EXPECT_GE(descending, 1);
}

TEST(Turns, EachRegionRunsAgainstWhatMadeItsInput) {
  const ir::Graph graph = chain(3);
  const Network network = *make_network(graph, behaviours_of(graph), {});
  std::vector<Region> regions;
  for (const Stage &stage : network.stages) regions.push_back({{&stage.alone[0]}});
  regions.push_back({{&network.stages[0].alone[0], &network.stages[1].alone[0]}});
  std::vector<bool> mirrored;
  for (const Region &region : with_turns(network, regions)) mirrored.push_back(region.mirrored);
  EXPECT_EQ(mirrored, (std::vector<bool>{true, false, true, false, true, false, false}));
}

}  // namespace
}  // namespace thimble::plan
