// Column strips: one way to need less memory for more work. What is computed up to some value (the
// cut) is computed in strips of its columns, one after the other: line buffers and rows get as
// narrow as a strip with its halo, the columns that windows reach beyond it, which neighbouring
// strips compute again. The cut is there whole, before anything reads it.
//
// Two choices buy memory for copying instead. Of a kept value nothing is computed again: the next
// strip copies the columns that it shares with the one before, and computes the others. And where
// strips lie apart, those not made yet need no room; they are copied into the cut at the end.
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

struct Strips {
  ir::ValueId cut = -1;
  std::vector<int> ends;  // where each strip of the cut ends, ascending, the last its columns
  std::vector<ir::ValueId> kept = {};  // values before the cut whose columns are made once
  bool apart = false;                  // the strips are copied into the cut once all are there
};

// Values that strips can end in, in the order in which they are made: nothing but the cut is read
// behind it, and all that it is computed from can be computed by columns.
std::vector<ir::ValueId> strip_cuts(const ir::Graph &graph);

// Nothing where a strip would be empty, or need windows that lie in the padding alone.
std::optional<ir::Graph> in_strips(const ir::Graph &graph, const Strips &strips);

}  // namespace thimble::plan
