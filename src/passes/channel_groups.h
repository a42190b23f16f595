// The channels of a network that stand or fall together, over all the layers that make and read
// them.
//
//     conv1 -> relu -> conv2 -> add -> conv3      conv1's outputs are conv2's inputs: a group.
//       \________________________/                Not here: conv1's and conv2's outputs are added,
//                                                 so they are one group, which conv2 and conv3 read
//
// A group is what filters (of Conv2d, ConvTranspose2d, Linear) make, joined where sums and products
// join them; channel k of it is one output of each of these filters, or several (a Linear whose
// outputs become a picture), and everything that follows: biases, BatchNorms, depthwise filters,
// the columns of the weights that read it (several for each, behind a flattening), an offset in
// what a Concat makes. Groups with an operator that mixes channels, a convolution of groups, or an
// input or output of the network among their members cannot be pruned.
//
// As DepGraph (Fang et al., "DepGraph: Towards Any Structural Pruning", 2023) groups them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

inline constexpr int kOtherGroup = -1;

// An axis of a node's constant on which channels of the group lie.
struct ChannelMember {
  ir::NodeId node;
  std::size_t constant;         // of the node's
  int axis;                     // of Constant::dims
  std::vector<int> channel_of;  // by index along the axis: which channel, or kOtherGroup
};

// The same of a value: axis 0 rows, 1 columns, 2 channels.
struct ChannelValue {
  ir::ValueId value;
  int axis;
  std::vector<int> channel_of;
};

struct ChannelGroup {
  std::string name;  // of the first node that makes them
  int channels = 0;
  bool prunable = false;
  std::string fixed_by;  // why not: "'softmax' (Softmax)"; empty: it is, or has one channel only
  std::vector<ChannelMember> members;
  std::vector<ChannelValue> values;
};

// In the order of the nodes that make them.
std::vector<ChannelGroup> channel_groups(const ir::Graph &graph);

}  // namespace thimble::passes
