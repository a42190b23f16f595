// Operators that work on vectors, wherever a file has them: some axes of a tensor as the channels
// of stored pixels, and back. Softmax, ArgMax and matrices times vectors are imported so.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/import.h"

namespace thimble::ops {

// A tensor whose channels are the elements along `axes` (in the file's order) and whose pixels are
// all else.
struct Lanes {
  ir::ValueId value = kFailedValue;
  ir::Shape shape;
  Dims dims;                      // the file's
  std::vector<std::size_t> axes;  // ascending
};

// Nothing moves where the axes are the stored channels, or lie side by side behind all others.
Lanes to_lanes(Builder &builder, const ForeignNode &node, const Imported &input,
               std::vector<std::size_t> axes);

// What became of each lane: the same shape, or other channels.
// Binds the node's output to it with the axes as they were, which must have kept their elements.
void bind_lanes(Builder &builder, const ForeignNode &node, const Lanes &lanes, ir::ValueId value);
// With the only axis now of `size` elements; of size 1 it may go (`keep` false).
void bind_lanes(Builder &builder, const ForeignNode &node, const Lanes &lanes, ir::ValueId value,
                std::int64_t size, bool keep = true, std::size_t output = 0);

}  // namespace thimble::ops
