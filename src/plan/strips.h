// Column strips: one way to need less memory for more work. What is computed up to some value (the
// cut) is computed in strips of its columns, one after the other: line buffers and rows get as
// narrow as a strip with its halo, the columns that windows reach beyond it, which neighbouring
// strips compute again. The cut is there whole, before anything reads it.
//
// A rewriting of the graph alone: Columns of what a strip reads, the operators again with the
// padding that the strip has, a Concat of the strips. The bits are those of the whole. Published as
// patch-based inference: Lin et al., "MCUNetV2", NeurIPS 2021; halos cached by rows, recomputed by
// columns: "msf-CNN", 2025.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace thimble::plan {

// Values that strips can end in, in the order in which they are made: nothing but the cut is read
// behind it, and all that it is computed from can be computed by columns.
std::vector<ir::ValueId> strip_cuts(const ir::Graph &graph);

// Ends of `count` strips that need about as many bytes a row as each other, halos included.
std::vector<int> even_strips(const ir::Graph &graph, ir::ValueId cut, int count);

// `ends`: where each strip of the cut ends, ascending, the last its columns. Nothing where a strip
// would be empty, or need windows that lie in the padding alone.
std::optional<ir::Graph> in_strips(const ir::Graph &graph, ir::ValueId cut,
                                   const std::vector<int> &ends);

}  // namespace thimble::plan
