// BatchNorm into the weights before it: w'[o] = w[o] * scale[o], b'[o] = b[o] * scale[o] +
// shift[o].
//
//     before  x -> Conv2d(weight, bias) -> BatchNorm(scale, shift) -> y
//     after   x -> Conv2d(weight', bias') -> y
//
// Also ConvTranspose2d and Linear; only where nothing else reads what they make, and only in float.
// A BatchNorm anywhere else stays an operator.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> fold_batchnorm(ir::Graph graph);
}
