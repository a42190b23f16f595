// Operands of different dimensions as tensors of which each stored side is the result's or 1.
#pragma once

#include <optional>

#include "ops/strided_view.h"

namespace thimble::ops {

// numpy's rule: dimensions are aligned at the last, and each is the same or 1. Nothing: they
// differ.
std::optional<Dims> broadcast_dims(const Dims &a, const Dims &b);

// A foreign tensor against a result of dimensions `out` that it broadcasts to.
struct BroadcastOperand {
  ir::Shape shape;   // each side is the result's stored one, or 1
  Strided elements;  // the operand's elements in that shape, in stored order
};
BroadcastOperand broadcast_operand(const Builder &builder, const Imported &operand,
                                   const Dims &out);

}  // namespace thimble::ops
