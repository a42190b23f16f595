// Has convolutions write the windows of two pixels as one, a word for two values
// (ops/pixel_twins.h), for targets whose `inner_loops` say `twins`: less time for more RAM.
//
//     before  y = Conv2d(x; w, b)               after   y = Conv2d(x; w, b) {twins = 1}
//
// Where their weights allow it.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> pixel_twins(ir::Graph graph);
}
