// The limits of a fused activation, as real numbers and in an output's integers.
#include "ops/fused.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace thimble::ops {

RealLimits real_limits(const ir::Node &node) {
  const bool relu = node.text("act", "") == "relu";
  const double lo = node.real("act_min", relu ? 0.0 : -FLT_MAX);
  const double hi = node.real("act_max", FLT_MAX);
  return {static_cast<float>(std::clamp(lo, double{-FLT_MAX}, double{FLT_MAX})),
          static_cast<float>(std::clamp(hi, double{-FLT_MAX}, double{FLT_MAX}))};
}

bool has_limits(const ir::Node &node) {
  return !node.text("act", "").empty() || node.attributes.count("act_min") ||
         node.attributes.count("act_max");
}

IntLimits int_limits(const ir::Node &node, const ir::Quant &output) {
  const RealLimits real = real_limits(node);
  const auto to_int = [&](float limit) {
    // In floats, as TensorFlow Lite divides.
    const double integer = double{std::round(limit / output.scale)} + output.zero_point;
    return static_cast<int>(std::clamp(integer, -128.0, 127.0));
  };
  return {to_int(real.lo), to_int(real.hi)};
}

}  // namespace thimble::ops
