// Float weights that a file stores as integers, as those integers again.
#pragma once

#include <optional>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {

// Constants 0 (weight) and 1 (bias) of a node whose input 0 is int8 become int8 and int32.
// Errors: a weight without scales, or not a multiple of them within -128 .. 127 (after another
// pass has changed it, or if its zero point is not the middle); a bias beyond int32.
Diagnostics integer_weights(ir::Graph &graph, ir::NodeId node);

// A quantization whose levels are exactly the multiples of its one scale in a constant; none where
// they span more than 256.
std::optional<ir::Quant> exact_quant(const ir::Constant &constant);

}  // namespace thimble::passes
