// One schedule, worked out: from regions of tasks to rows, objects, distances and offsets.
#pragma once

#include <vector>

#include "plan/network.h"
#include "plan/objects.h"
#include "plan/place.h"
#include "plan/rows.h"

namespace thimble::plan {

struct Candidate {
  std::vector<Region> regions;
  Trace trace;
  Objects objects;
  PlaceProblem problem;    // by object
  PlaceSolution solution;  // empty until placed
};

Candidate work_out(const Network &network, std::vector<Region> regions, const Boundary &boundary);

// The boundary of a whole network: its resident inputs are there, nothing is needed later.
Boundary network_boundary(const Network &network);

}  // namespace thimble::plan
