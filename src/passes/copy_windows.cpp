// Nothing but the attribute: the operator's modes and kernels follow it.
#include "passes/copy_windows.h"

#include "ops/copied_windows.h"

namespace thimble::passes {

Result<ir::Graph> copy_windows(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_copy_windows(graph, graph.node(id)))
      graph.node(id).attributes["windows"] = std::int64_t{1};
  return graph;
}

}  // namespace thimble::passes
