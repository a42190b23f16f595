// Gives long vectors that Linears make for the caller rows of pieces, for --stream-out: each is
// made, and handed out, by itself.
//
//     before  x -> Linear -> output y: 1x1x640
//     after   x -> Linear {out_shape = [20, 1, 32]} -> output y: 20x1x32
//
// The elements and their order stay as they are. Only where nothing else reads the output.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> output_pieces(ir::Graph graph);
}
