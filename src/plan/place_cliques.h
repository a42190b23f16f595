// Sets of objects that all keep clear of each other, so that their bytes add up. When objects live
// for intervals of time, the maximal sets are the sections of the time axis.
#pragma once

#include <vector>

#include "plan/place.h"

namespace thimble::plan {

// Nothing of the one may lie in the other: at(a) - at(b) is at most -(size a) or at least size b.
bool keeps_clear(const PlaceProblem &problem, const PlaceProblem::Pair &pair);

// Cliques of the pairs that keep clear: every such pair lies in one, every object too. Where the
// graph is chordal (as it is for lifetimes) the maximal ones, one after the other in time, by
// maximum cardinality search: Tarjan and Yannakakis, "Simple linear-time algorithms to test
// chordality of graphs ...", SIAM J. Comput. 1984.
std::vector<std::vector<int>> find_cliques(const PlaceProblem &problem);

}  // namespace thimble::plan
