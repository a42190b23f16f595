// Constants of a file that are read as activations.
#pragma once

#include <string>

#include "ir/graph.h"
#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::ops {

// Adds a Constant of these elements, which are floats and fill their dimensions. Errors: those of
// layout_of.
Result<ir::ValueId> add_constant_value(ir::Graph &graph, const std::string &name,
                                       const ForeignTensor &tensor, ir::AxisOrder axes);

}  // namespace thimble::ops
