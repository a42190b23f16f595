// Graph::remove_dead as a pass.
#include "passes/remove_dead.h"

namespace thimble::passes {

Result<ir::Graph> remove_dead(ir::Graph graph) {
  graph.remove_dead();
  return graph;
}

}  // namespace thimble::passes
