#include "passes/make_integer.h"

#include "ops/operator.h"
#include "passes/integer_weights.h"

namespace thimble::passes {

Status make_integer(ir::Graph &graph, const Quants &quants) {
  for (std::size_t value = 0; value < quants.size(); ++value) {
    ir::Type &type = graph.value(static_cast<ir::ValueId>(value)).type;
    type.dtype = ir::DType::kI8;
    type.quant = quants[value];
  }
  Diagnostics errors;
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    if (graph.node(id).inputs.empty()) continue;  // a Constant stays real
    if (graph.node(id).constants.size() != 2) continue;
    const Diagnostics found = integer_weights(graph, id);
    errors.insert(errors.end(), found.begin(), found.end());
  }
  if (!errors.empty()) return errors;
  if (auto found = ops::verify(graph); !found.empty()) return found;
  return Unit{};
}

}  // namespace thimble::passes
