// Makes a file's graph one that can be walked: nodes sorted, names unique, every read value made.
#pragma once

#include <set>
#include <string>

#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::frontends {

// Puts the nodes into topological order, keeping the file's order where that is one, and makes node
// names unique. Errors: a value made twice or never, a cycle, an output that nothing makes.
Diagnostics sort_nodes(ops::ForeignGraph &graph);

// Removes nodes, then constants, that no output of the network depends on.
void remove_unused(ops::ForeignGraph &graph);

}  // namespace thimble::frontends
