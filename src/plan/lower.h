// A placed candidate as a Program: addresses, calls, groups, steps. The last thing that knows
// tasks.
#pragma once

#include "ir/graph.h"
#include "plan/candidate.h"
#include "plan/program.h"

namespace thimble::plan {

Program lower(const ir::Graph &graph, const Network &network, const Candidate &candidate);

}  // namespace thimble::plan
