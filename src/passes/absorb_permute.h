// Permute into the weights of the Linears around it, through elementwise operators and Reshapes.
//
//     before  x[4x4x8] -> Permute[8x4x4] -> Reshape[1x1x128] -> Linear(weight)
//     after   x[4x4x8] -> Reshape[8x4x4] -> Reshape[1x1x128] -> Linear(weight, columns permuted)
//
//     before  Linear(weight, bias) -> Reshape[8x4x4] -> Permute[4x4x8] -> y
//     after   Linear(weight, bias, outputs permuted) -> Reshape[8x4x4] -> Reshape[4x4x8] -> y
//
// A Permute that moves no elements (all but one of the axes it exchanges have one element) becomes
// a Reshape too. One that cannot be absorbed stays, with a kernel.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> absorb_permute(ir::Graph graph);
}
