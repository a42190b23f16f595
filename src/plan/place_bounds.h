// Lower bounds of a placement problem that need no search.
#pragma once

#include <vector>

#include "plan/place.h"

namespace thimble::plan {

// From what is known, from each object, each pair, and each clique of objects that keep clear.
std::int64_t simple_bound(const PlaceProblem &problem,
                          const std::vector<std::vector<int>> &cliques);

// From each clique and one object more that its members may overlap in part (in-place, diagonal).
std::int64_t partly_clear_bound(const PlaceProblem &problem,
                                const std::vector<std::vector<int>> &cliques);

}  // namespace thimble::plan
