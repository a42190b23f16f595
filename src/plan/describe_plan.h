// A placed schedule in the words of plan.h.
#pragma once

#include "ir/graph.h"
#include "plan/candidate.h"
#include "plan/plan.h"
#include "plan/search.h"

namespace thimble::plan {

// Buffers are the candidate's objects, in their order.
Plan describe_plan(const ir::Graph &graph, const Network &network, const Candidate &candidate,
                   const Options &options);

// As make_plan (plan.h), with less effort.
Result<Plan> make_plan(const ir::Graph &graph, const Behaviours &behaviours, const Options &options,
                       Effort effort);

}  // namespace thimble::plan
