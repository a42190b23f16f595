// The activation fused into a node: attribute act "relu", or limits act_min and act_max, in real
// numbers.
#pragma once

#include "ir/graph.h"

namespace thimble::ops {

struct RealLimits {
  float lo, hi;  // -FLT_MAX, FLT_MAX where there is no limit
  float clamp(float x) const { return x < lo ? lo : x > hi ? hi : x; }
};
RealLimits real_limits(const ir::Node &node);
// Whether there is any limit.
bool has_limits(const ir::Node &node);

struct IntLimits {
  int lo, hi;  // within -128..127
};
// The same limits as integers of an output quantized so.
IntLimits int_limits(const ir::Node &node, const ir::Quant &output);

}  // namespace thimble::ops
