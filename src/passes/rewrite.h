// The few graph surgeries that all passes are made of. What they leave behind is dead, and goes
// with Graph::remove_dead.
#pragma once

#include <optional>

#include "ir/graph.h"

namespace thimble::passes {

// The node that alone reads `value`; none where there are several, or where it is a network output.
// Nodes that nothing reads any more do not count.
std::optional<ir::NodeId> only_reader(const ir::Graph &graph, ir::ValueId value);

// The one-input node is taken out: its readers read its input. A network's output keeps its name.
// The two values must have one type.
void bypass(ir::Graph &graph, ir::NodeId node);

// Constant `index` of the node for it alone: copied if other nodes name it too.
ir::Constant &own_constant(ir::Graph &graph, ir::NodeId node, std::size_t index);

// remove_dead, then all types anew.
void clean_up(ir::Graph &graph);

}  // namespace thimble::passes
