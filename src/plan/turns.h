// Which regions run mirrored, from their last row to the first.
//
// An output that grows over its dying input, rows ascending, must keep some rows below it; the
// next one again, so that a chain of equal tensors drifts down through the arena. By turns, down
// and up, the chain stays where it is.
#pragma once

#include <cstddef>
#include <vector>

#include "plan/network.h"
#include "plan/rows.h"

namespace thimble::plan {

// Each region that can be mirrored runs in the other direction than what made most of what it
// reads.
std::vector<Region> with_turns(const Network &network, std::vector<Region> regions);

// Those in [first, last) that can be mirrored in the other direction than they are.
std::vector<Region> turned(std::vector<Region> regions, std::size_t first, std::size_t last);

bool is_any_mirrored(const std::vector<Region> &regions);

}  // namespace thimble::plan
