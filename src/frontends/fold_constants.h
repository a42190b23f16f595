// Evaluates what a network computes from constants alone: shape arithmetic, and expressions of
// weights that an exporter left in the graph.
//
//   before: shape = Shape(x); n = Gather(shape, 0); view = Reshape(y, Concat([n], [-1]))
//   after:  view = Reshape(y, [1, -1])
#pragma once

#include "frontends/file_graph.h"
#include "support/diagnostic.h"

namespace thimble::frontends {

// `file.graph` is sorted. Nodes that are left read at least one input of the network, directly or
// not. Errors: constant operands that do not fit each other; expressions too large (limits.h).
Result<ops::ForeignGraph> fold_constants(FileGraph file);

}  // namespace thimble::frontends
