// Chooses modes, fused pairs and regions.
#pragma once

#include "plan/candidate.h"
#include "plan/plan.h"

namespace thimble::plan {

struct Found {
  Candidate best;                // placed
  bool schedule_proven = false;  // no other schedule of the search space needs less
};

Found search(const Network &network, const Options &options);

}  // namespace thimble::plan
