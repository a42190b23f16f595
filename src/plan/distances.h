// Safe distances: for each pair of objects, the offsets at(a) - at(b) at which some write of one
// would destroy bytes of the other that are still to be read.
//
// Derived event by event from where rows lie in their blocks: every write against everything alive.
// A row that dies in the very event that makes an output row gives way pixel by pixel, as far as
// the operator's order of writing allows (Dying). In-place operators, ping-pong and outputs that
// grow over their dying inputs all come out of this; none is a case of its own.
#pragma once

#include "plan/objects.h"
#include "plan/place.h"

namespace thimble::plan {

// Objects in the order of `objects.list`; lower_bound: the most bytes alive at once.
PlaceProblem find_distances(const Network &network, const Trace &trace, const Objects &objects,
                            const Boundary &boundary);

}  // namespace thimble::plan
