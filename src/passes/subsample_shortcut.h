// A pointwise convolution with a stride, beside others that read the same value, reads a copy of
// the pixels that it needs: the copy can outlive the rows that it is made from, and is smaller.
//
//     before  x -> Conv2d{kernel 1x1, stride 2} -> y;                     x -> Conv2d{3x3} -> z
//     after   x -> MaxPool2d{kernel 1x1, stride 2} -> s -> Conv2d{1x1} -> y;  x -> Conv2d{3x3} -> z
//
// Only where the convolution makes more channels than it reads: else its output is the smaller
// copy.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> subsample_shortcut(ir::Graph graph);
}
