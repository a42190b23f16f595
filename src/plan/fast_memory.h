// Which objects lie in a memory that is too small for all, so that they are worth most together.
//
// The relaxed question comes first: at no moment may more than the capacity be alive of what is
// chosen. It is answered exactly, moment by moment, over the sets of chosen objects that are alive;
// nothing can be worth more. Then the chosen ones are placed. If they do not fit, the capacity of
// the relaxed question is lowered until they do, and what fits beside them is added.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/place.h"

namespace thimble::plan {

struct FastProblem {
  struct Share {
    int object = 0;
    std::int64_t bytes = 0;  // of it, alive at the moment
  };
  PlaceProblem place;               // all objects
  std::vector<std::int64_t> worth;  // by object, >= 0
  std::vector<std::vector<Share>>
      moments;  // what is alive at once, in time; each object at most once
  std::int64_t capacity = 0;
};

struct FastChoice {
  std::vector<bool> is_fast;          // by object
  std::vector<std::int64_t> offsets;  // by object; of those that are not: -1
  std::int64_t bytes = 0;             // <= capacity
  std::int64_t worth = 0;
  std::int64_t most_worth = 0;  // no choice is worth more
};

FastChoice choose_fast(const FastProblem &problem, double seconds);

// The problem of these objects alone, in their order.
PlaceProblem part_of(const PlaceProblem &problem, const std::vector<bool> &is_in);

}  // namespace thimble::plan
