// A first placement: objects one after the other, each at the lowest safe offset, in several
// orders. Gives the exact search its first capacity; proves nothing.
#pragma once

#include "plan/place.h"

namespace thimble::plan {

// Never fails. `proven` is false and `lower_bound` 0.
PlaceSolution place_greedily(const PlaceProblem &problem);

}  // namespace thimble::plan
