// What integers a weight may be: times its channel's scale, it is a number of the network.
#pragma once

#include <cstdint>
#include <string>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::passes {

// low, low + step, ..., high; within int8.
struct Levels {
  int low = -127, high = 127, step = 1;
  int nearest(double x) const;
  int count() const { return (high - low) / step + 1; }
  bool operator==(const Levels &) const = default;
};

// "8", "4", "2", "1" (bits) or "ternary". One bit is -1 and 1, two bits are -3, -1, 1 and 3:
// without zero, so that none is lost to symmetry. Errors (kUsage): another word.
Result<Levels> levels_of(const std::string &word);

// What they take at least, packed (ops/weight_code.h): 8, 4, 2, 1.6 or 1 bit a weight.
std::int64_t packed_bytes(const ir::Constant &weight, const Levels &levels);

}  // namespace thimble::passes
