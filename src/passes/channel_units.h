// Which elements of tensors and weights can leave a network only together: what channel_groups.h
// makes groups of.
//
// Every channel of every value is a unit (every element, where Reshapes and Permutes move
// elements), and each operator joins units: an elementwise one those of its inputs with its
// output's; one that treats all channels alike (trait `channelwise`) channel c with channel c; a
// Reshape, Permute or Concat what lies in the same place; a depthwise convolution its input's
// channel with the outputs made of it. A Linear, and a convolution of one group, join nothing:
// their outputs leave without their inputs. Everything else fixes what it touches, and so do the
// network's inputs and outputs.
//
// In the end each value loses units along one axis only, so that it stays a stack of rows; what
// would not is joined by channels.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

// One axis of a node's constant: the class of units that each index belongs to.
struct ConstantUnits {
  ir::NodeId node;
  std::size_t constant;  // of the node's
  int axis;              // of Constant::dims
  bool makes;            // each index is a sum of its own: the outputs of a Linear, of filters
  std::vector<int> classes;
};

// The same for the axis of a value along which its classes differ: 0 rows, 1 columns, 2 channels.
struct ValueUnits {
  ir::ValueId value;
  int axis;
  std::vector<int> classes;
};

struct ChannelUnits {
  std::vector<ConstantUnits> constants;  // in the order of the nodes
  std::vector<ValueUnits> values;        // by ValueId
  std::vector<std::string> fixed_by;     // by class: a node or port that fixes it; empty: none
};

ChannelUnits channel_units(const ir::Graph &graph);

}  // namespace thimble::passes
