// A placed schedule in the words of plan.h.
#pragma once

#include "ir/graph.h"
#include "plan/candidate.h"
#include "plan/plan.h"

namespace thimble::plan {

// Buffers are the candidate's objects, in their order.
Plan describe_plan(const ir::Graph &graph, const Network &network, const Candidate &candidate,
                   const Options &options);

}  // namespace thimble::plan
