// From a float graph whose numbers are those of integers to the int8 graph that they are.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {

using Quants = std::vector<std::optional<ir::Quant>>;  // by ValueId

// Every value becomes int8 at its Quant; weights, which are whole multiples of their `scales`,
// become int8, and biases int32. Errors: a weight that is none.
Status make_integer(ir::Graph &graph, const Quants &quants);

}  // namespace thimble::passes
