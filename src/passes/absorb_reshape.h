// Reshape away, where a Linear on either side can read or write the other shape.
//
//     before  x[4x4x8] -> Reshape[1x1x128] -> Relu -> Linear
//     after   x[4x4x8] -> Relu -> Linear
//
//     before  Linear -> [1x1x64] -> Relu -> Reshape[4x4x4] -> y
//     after   Linear{out_shape=[4,4,4]} -> Relu -> y
//
// Of two Reshapes in a row the first goes, and so does one that changes nothing. Any other stays:
// it is a view, and costs nothing.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> absorb_reshape(ir::Graph graph);
}
