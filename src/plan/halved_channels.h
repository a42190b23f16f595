// What would lower the peak in the network itself: half the channels of what is alive there. An
// estimate: the same rows alive at the same steps, of fewer bytes.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "plan/candidate.h"
#include "plan/plan.h"

namespace thimble::plan {

// Of each group of values alive at the peak that have their channels in common (an activation or a
// pooling has those of its input, a Concat those of its parts): the peak if they were half as many.
// Not of the network's inputs and outputs, whose channels are the caller's. The lowest peak first;
// none that is not lower.
std::vector<Peak::Halved> halve_channels(const ir::Graph &graph, const Behaviours &behaviours,
                                         const Network &network, const Candidate &candidate);

}  // namespace thimble::plan
