// A problem whose objects fall into groups that have no pair with each other: each is placed alone.
#pragma once

#include <vector>

#include "plan/place.h"

namespace thimble::plan {

struct PlacePart {
  PlaceProblem problem;      // without the whole problem's lower bound
  std::vector<int> objects;  // of the whole problem, by object of this one
};

// Every object is in one part; in the order of their first objects.
std::vector<PlacePart> divide_into_parts(const PlaceProblem &problem);

}  // namespace thimble::plan
