// The table of operators, asked once for each node: see behaviour.h.
#include "plan/behaviour.h"

#include "ops/operator.h"

namespace thimble::plan {

Behaviours behaviours_of(const ir::Graph &graph) {
  Behaviours behaviours;
  for (const ir::Node &node : graph.nodes()) {
    const ops::Operator &op = ops::operator_of(node);
    Behaviour behaviour;
    if (op.modes) behaviour.modes = op.modes(graph, node);
    if (op.view) behaviour.view = op.view(graph, node);
    behaviours.push_back(std::move(behaviour));
  }
  return behaviours;
}

}  // namespace thimble::plan
