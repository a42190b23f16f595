// Relu into the operator before it, which can clamp what it makes at no cost.
//
//     before  x -> Conv2d -> Relu -> y
//     after   x -> Conv2d{act="relu"} -> y
//
// Conv2d, ConvTranspose2d, Linear, BatchNorm and Add; only where nothing else reads what they make.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> fuse_activation(ir::Graph graph);
}
