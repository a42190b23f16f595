// What the planner asks of each node: the ways to run it, and whether its output is a view. Of a
// graph it is what the table of operators says; of an outline (outline.h), which has no weights to
// ask, what its reader says. Nothing else of the planner knows where the answers come from.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::plan {

struct Behaviour {
  std::vector<ops::Mode> modes;  // empty: it cannot be run
  std::optional<ops::View> view;
};

using Behaviours = std::vector<Behaviour>;  // by NodeId

// Asks the table of operators.
Behaviours behaviours_of(const ir::Graph &graph);

}  // namespace thimble::plan
