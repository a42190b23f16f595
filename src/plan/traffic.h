// What is read and written of each object in one run of the network.
//
// A step reads each row that its window covers and writes the row it makes, once, however often the
// kernel comes back to a byte. Accumulators, carried state, workspace and tiles are read and
// written whole by each step that uses them. What the caller does to inputs and outputs is not
// counted.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/candidate.h"

namespace thimble::plan {

struct Traffic {  // bytes
  std::int64_t read = 0, written = 0;
  std::int64_t total() const { return read + written; }
};

// By object of the candidate.
std::vector<Traffic> find_traffic(const Network &network, const Candidate &candidate);

}  // namespace thimble::plan
