// Which layers can spare weights: a share of zeros for each, so that together they are the share
// that is asked for.
#pragma once

#include "recipes/examiner.h"

namespace thimble::recipes {

// Of all weights `share` (0 to 1, less than 1) will be zero; `rounding` has their levels, and gets
// their shares. A layer after the other is tried with more and more zeros, the others as they are,
// and what costs least loss for each zero is taken, until there are enough.
Status share_zeros(const Examiner &examiner, const ir::Graph &graph, double share,
                   Rounding &rounding);

}  // namespace thimble::recipes
