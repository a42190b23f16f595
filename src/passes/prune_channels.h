// Channels leave a network: the filters that make them, what goes with them, and the columns that
// read them (channel_groups.h). Every tensor of the group becomes smaller, and so does the work.
//
//     before  x -> Conv2d(w[16, 3, 3, 8]) -> Relu -> Conv2d(v[8, 3, 3, 16]) -> y
//     after   x -> Conv2d(w[12, 3, 3, 8]) -> Relu -> Conv2d(v[8, 3, 3, 12]) -> y
//
// Where the columns that read them are all zero the network computes what it did, to the bit in
// floats; else it wants training.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "passes/channel_groups.h"
#include "support/diagnostic.h"

namespace thimble::passes {

// `kept`: channels of the group, ascending; of each of its members at least one.
ir::Graph prune_channels(ir::Graph graph, const ChannelGroup &group, const std::vector<int> &kept);

// By group of channel_groups(graph): those that are kept; none given: all. All groups at once,
// since the indices of one do not hold once another has been pruned.
using KeptChannels = std::vector<std::optional<std::vector<int>>>;
ir::Graph prune_channels(ir::Graph graph, const std::vector<ChannelGroup> &groups,
                         const KeptChannels &kept);

// By channel: the sum of the squares of the weights that make it, and of those that read it, over
// the mean of all channels of the group. Li et al., "Pruning Filters for Efficient ConvNets", 2017,
// rank filters by the size of their weights; Fang et al. (channel_groups.h) sum over all that must
// leave together. Biases do not count. A BatchNorm's factor does not either: fold it first.
std::vector<double> channel_importance(const ir::Graph &graph, const ChannelGroup &group);

// Of every prunable group the most important channels: this share of them, rounded up to a multiple
// where there are so many. Of equal ones the first.
struct ChannelShare {
  double share = 1;  // above 0, at most 1
  int multiple = 1;
};
ir::Graph with_channels(const ir::Graph &graph, const ChannelShare &share);

// The same with the largest share, in steps of a 64th, that needs no more than this.
struct ChannelBudget {
  std::optional<std::int64_t> macs = {};
  std::optional<std::int64_t> weight_bytes = {};  // int8 weights, biases of 4 bytes
  int multiple = 1;
};
// Errors: one channel of each group is too much.
Result<ir::Graph> with_channels_within(const ir::Graph &graph, const ChannelBudget &budget);

// Of int8: a byte a weight, and four an element of a vector (a bias).
std::int64_t int8_weight_bytes(const ir::Graph &graph);

}  // namespace thimble::passes
