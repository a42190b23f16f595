// Which values of a graph must have one scale and zero point, by their operators' rules: a Concat
// and its parts, a max-pooling and its input, whatever a view shows.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

struct SharedQuant {
  std::vector<ir::ValueId> values;
  std::optional<ir::Quant> fixed;      // an operator's own: Softmax's
  std::optional<ir::Quant> preferred;  // good where the values fill it: Sigmoid's
};

// Every value is in exactly one.
std::vector<SharedQuant> shared_quants(const ir::Graph &graph);

}  // namespace thimble::passes
