// Has weights lie two outputs a halfword, and the windows of convolutions widened to halfwords
// (ops/byte_pairs.h), for targets whose `inner_loops` say `pairs`: less time for more RAM.
//
//     before  y = Conv2d(x; w, b)               after   y = Conv2d(x; w, b) {pairs = 1}
//
// Where their weights allow it; Linears of few weights in the form of convolutions (pairs = 4)
// where there are such. byte_threes, behind it for those whose `inner_loops` say `threes`, has
// three pixels made at a time where no convolution's windows share whole fours of values ({pairs =
// 3}). byte_eights, for those whose `inner_loops` say `eights`, widens none: {pairs = 8}.
// byte_vectors, for those whose `inner_loops` say `vectors`, has a Linear's input widened once:
// {pairs = 2}. byte_fours, for those whose `inner_loops` say `fours`, has depthwise windows read
// where they are (ops/fours.h): {pairs = 4}.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> byte_pairs(ir::Graph graph);
Result<ir::Graph> byte_threes(ir::Graph graph);
Result<ir::Graph> byte_eights(ir::Graph graph);
Result<ir::Graph> byte_fours(ir::Graph graph);
Result<ir::Graph> byte_vectors(ir::Graph graph);
}  // namespace thimble::passes
