// Nothing but the attribute: the operator's modes and kernels follow it.
#include "passes/byte_pairs.h"

#include "ops/byte_pairs.h"

namespace thimble::passes {

Result<ir::Graph> byte_pairs(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (!ops::is_paired(graph.node(id)) && ops::can_pair(graph, graph.node(id)))
      graph.node(id).attributes["pairs"] = std::int64_t{1};
  return graph;
}

Result<ir::Graph> byte_eights(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_pair_eights(graph, graph.node(id)))
      graph.node(id).attributes["pairs"] = std::int64_t{ops::kEights};
  return graph;
}

}  // namespace thimble::passes
