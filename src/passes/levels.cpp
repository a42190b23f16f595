#include "passes/levels.h"

#include <algorithm>
#include <cmath>

namespace thimble::passes {

int Levels::nearest(double x) const {
  const double inside = std::clamp(x, double(low), double(high));
  return low + step * static_cast<int>(std::nearbyint((inside - low) / step));
}

Result<Levels> levels_of(const std::string &word) {
  if (word == "8") return Levels{-127, 127, 1};
  if (word == "4") return Levels{-8, 7, 1};
  if (word == "2") return Levels{-3, 3, 2};
  if (word == "ternary") return Levels{-1, 1, 1};
  if (word == "1") return Levels{-1, 1, 2};
  return usage_error("'" + word + "' is no number of bits", {}, "8, 4, 2, ternary or 1");
}

std::int64_t packed_bytes(const ir::Constant &weight, const Levels &levels) {
  const int count = levels.count();
  const std::int64_t a_byte = count > 16 ? 1 : count > 4 ? 2 : count == 4 ? 4 : count == 3 ? 5 : 8;
  return (weight.elements() + a_byte - 1) / a_byte;
}

}  // namespace thimble::passes
