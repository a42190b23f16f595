// Nothing but the attribute: the operator's modes and kernels follow it.
#include "passes/pixel_twins.h"

#include "ops/pixel_twins.h"

namespace thimble::passes {

Result<ir::Graph> pixel_twins(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_twin(graph, graph.node(id))) graph.node(id).attributes["twins"] = std::int64_t{1};
  return graph;
}

}  // namespace thimble::passes
