// Two memories: traffic that can be counted by hand, and bounds that hold.
#include "plan/memories.h"

#include "networks.h"

namespace thimble::plan {
namespace {

TwoMemories shared(const ir::Graph &graph, std::int64_t capacity, bool layer_by_layer = false) {
  Options options;
  options.layer_by_layer = layer_by_layer;
  options.time_limit_seconds = 2;
  Result<TwoMemories> memories = plan_memories(graph, behaviours_of(graph), options, capacity);
  EXPECT_TRUE(memories.ok());
  EXPECT_LE(memories->fast_bytes, capacity);
  EXPECT_LE(memories->least_slow_traffic, memories->slow_traffic.total());
  return *std::move(memories);
}

// 100 -> 60 -> 10, two layers that read everything once.
ir::Graph two_layers() {
  NetworkBuilder net;
  net.output(net.linear(net.linear(net.input(1, 1, 100), 1, 1, 60), 1, 1, 10));
  return net.graph();
}

TEST(Memories, NothingIsSlowWhereAllFits) {
  const TwoMemories memories = shared(two_layers(), 160);
  EXPECT_EQ(memories.slow_bytes, 0);
  EXPECT_EQ(memories.slow_traffic.total(), 0);
  EXPECT_EQ(memories.traffic.read, 100 + 60);
  EXPECT_EQ(memories.traffic.written, 60 + 10);
}

// The input is read once, what lies between is written and read: that pays more.
TEST(Memories, WhatIsUsedMostIsFast) {
  const TwoMemories memories = shared(two_layers(), 70);
  ASSERT_EQ(memories.objects.size(), 3u);
  EXPECT_FALSE(memories.objects[0].is_fast);
  EXPECT_TRUE(memories.objects[1].is_fast);
  EXPECT_TRUE(memories.objects[2].is_fast);
  EXPECT_EQ(memories.slow_bytes, 100);
  EXPECT_EQ(memories.slow_traffic.read, 100);
  EXPECT_EQ(memories.slow_traffic.written, 0);
  EXPECT_EQ(memories.least_slow_traffic, 100);
}

// A window reads its rows again for each row that it makes: 8 rows, three each but at the edges.
TEST(Memories, AWindowReadsItsRowsAgain) {
  NetworkBuilder net;
  net.output(net.conv(net.input(8, 8, 1), 1, 3, 1, 1));
  const TwoMemories memories = shared(net.graph(), 1 << 20, true);
  EXPECT_EQ(memories.objects[0].traffic.read, 8 * (6 * 3 + 2 * 2));
  EXPECT_EQ(memories.objects[1].traffic.written, 8 * 8);
}

TEST(Memories, MoreFastMemoryNeverMeansMoreTraffic) {
  const ir::Graph graph = lenet5();
  std::int64_t last = -1;
  for (std::int64_t capacity : {1, 200, 400, 800, 1600, 3200}) {
    const TwoMemories memories = shared(graph, capacity);
    if (last >= 0) {
      EXPECT_LE(memories.slow_traffic.total(), last) << capacity;
    }
    last = memories.slow_traffic.total();
  }
  EXPECT_EQ(last, 0);
}

}  // namespace
}  // namespace thimble::plan
