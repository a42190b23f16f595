// What integers a weight may be: times its channel's scale, it is a number of the network.
#pragma once

#include <string>

#include "support/diagnostic.h"

namespace thimble::passes {

// low, low + step, ..., high; within int8.
struct Levels {
  int low = -127, high = 127, step = 1;
  int nearest(double x) const;
  bool operator==(const Levels &) const = default;
};

// "8", "4", "2", "1" (bits) or "ternary". One bit is -1 and 1, two bits are -3, -1, 1 and 3:
// without zero, so that none is lost to symmetry. Errors (kUsage): another word.
Result<Levels> levels_of(const std::string &word);

}  // namespace thimble::passes
