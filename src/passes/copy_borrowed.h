// Copies what of borrowed inputs must lie in the arena (--borrow-input: an input stays where the
// caller has it).
//
//     before  x -> Concat(x, r) -> y            after   x -> Copy -> Concat(x_copy, r) -> y
//             x -> Reshape -> output z                  x -> Reshape -> Copy -> output z_copy
//
// That is a part of a Concat, which lies within the whole, and an output; each is an input, or a
// view of one. No part of the pipeline: plans that have their inputs in the arena need no copy.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> copy_borrowed(ir::Graph graph);
}
