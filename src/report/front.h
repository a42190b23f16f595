// The front RAM against work, for people and as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/json.h"

namespace thimble::report {

struct FrontLine {
  std::int64_t arena_bytes = 0;
  double macs_ratio = 1;  // multiplications, over those of the network
  bool placement_proven = false;
  std::string options;  // words of the command line that give this plan
};

// A line a point, the least work first.
std::string to_text(const std::vector<FrontLine> &front);
// [{arena_bytes macs_ratio placement_proven options}].
Json to_json(const std::vector<FrontLine> &front);

}  // namespace thimble::report
