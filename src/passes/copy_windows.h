// Has the windows of convolutions copied to one run of bytes each (ops/copied_windows.h), for
// targets whose `inner_loops` say `windows`: less time for more RAM.
//
//     before  y = Conv2d(x; w, b)               after   y = Conv2d(x; w, b) {windows = 1}
//
// Where they are worth it.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> copy_windows(ir::Graph graph);
}
