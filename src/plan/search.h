// Chooses modes, fused pairs and regions for the least arena.
//
// Any cut of the stages (in their order) into segments is a schedule: what crosses a cut is whole,
// so that what a segment needs does not depend on how the others are run. Dynamic programming over
// the cuts therefore finds the schedule whose most expensive segment is cheapest. A segment's cost
// begins as its live bytes and is sharpened, where it decides, to its exact placement: no schedule
// with that segment needs less. If the whole placed schedule needs no more than the bound, it is
// proven least. Each schedule is placed with all rows ascending and with directions by turns
// (turns.h), the best one with more.
#pragma once

#include "plan/candidate.h"
#include "plan/plan.h"

namespace thimble::plan {

struct Found {
  Candidate best;                // placed
  bool schedule_proven = false;  // no other schedule of the search space needs less
};

// Quick: a sixteenth of the rows simulated, for segments that end where little is kept between
// stages.
enum class Effort { kFull, kQuick };

Found search(const Network &network, const Options &options, Effort effort = Effort::kFull);

}  // namespace thimble::plan
