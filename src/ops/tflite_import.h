// What TensorFlow Lite's operators share: an activation fused into the operator before it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/import.h"

namespace thimble::ops {

// As attributes of a node that cuts what it makes (fused.h); nothing after a report. None where the
// foreign operator has no such option.
std::optional<ir::Attributes> fused_limits(Builder &builder, const ForeignNode &node);

// A node of `op`, which cannot cut what it makes, and where the foreign node has a fused activation
// a Relu or Clip behind it.
ir::ValueId add_then_limit(Builder &builder, const ForeignNode &node, const std::string &op,
                           std::vector<ir::ValueId> inputs, ir::Attributes attributes);

}  // namespace thimble::ops
