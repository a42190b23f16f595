// Nodes, values and constants that no network output needs.
//
//     before  x -> Conv2d -> y (output)         after   x -> Conv2d -> y (output)
//             x -> Relu -> z
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> remove_dead(ir::Graph graph);
}
