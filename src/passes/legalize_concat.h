// Makes every Concat a legal view: each part can be made right where the whole wants it.
//
//     before  z -> Concat(z, y) -> a            after   z -> Copy -> Concat(z_copy, y) -> a
//             z -> Concat(x, z) -> b                    z -> Concat(x, z) -> b
//
// A part gets a Copy if it lies elsewhere already (in another Concat, twice in this one, or as a
// view: the output of a Reshape or Concat), if it is a network output, or if someone gives or
// reads it who needs it in one piece (pixels of a network input, the rows of a Linear). A Concat of
// Concats along one axis becomes one Concat; a Concat of one part goes.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {
Result<ir::Graph> legalize_concat(ir::Graph graph);
}
