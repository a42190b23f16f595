// How a file's array lies in memory: the one rule that ports, importers and evaluators share.
//
// Pictures, signals and vectors of batch 1 lie as row, column, channel: [1,C,H,W] as {H,W,C},
// [1,C,L] as {L,1,C}, [1,F] as {1,1,F}. Every other array lies "plain", in the file's own order:
// [F] is {1,1,F}; of two or more dimensions (leading ones left out) the first are the rows, the
// last the channels, the product of those between the columns.
//
// With the channels last in the file (AxisOrder), everything lies in the file's own order:
// [1,H,W,C] as {H,W,C}, [1,L,C] as {L,1,C}, other arrays as above.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace thimble::ir {

struct Layout {
  Shape shape;
  std::vector<int> order;             // the file's axes from the slowest to the fastest in memory
  std::vector<std::int64_t> strides;  // by the file's axis, in stored elements
};

// `dims`: each at least 1, their product at most 2^30; any number of them, [] is one element.
Layout layout_of(const std::vector<std::int64_t> &dims, AxisOrder axes = AxisOrder::kChannelsFirst);

// Whether an array of these dimensions is no picture or signal of batch 1.
bool is_plain(const std::vector<std::int64_t> &dims);

}  // namespace thimble::ir
