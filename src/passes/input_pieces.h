// Gives long vectors that come in to Linears rows of pieces, for --stream-in: a Linear adds each to
// its sums as it comes, and nothing else of the input is kept.
//
//     before  input x: 1x1x640   x -> Linear -> y     after   input x: 20x1x32   x -> Linear -> y
//
// The elements and their order stay as they are. Only where the sums and one piece need less than
// the vector and what is made of it.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> input_pieces(ir::Graph graph);
}
