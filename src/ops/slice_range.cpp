// Negative positions count from the end; what lies outside is clamped.
#include "ops/slice_range.h"

#include <algorithm>

namespace thimble::ops {

SliceRange slice_range(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
  // Walking down, the last position before the first element is -1.
  const std::int64_t least = step > 0 ? 0 : -1, most = step > 0 ? size : size - 1;
  start = std::clamp(start < 0 ? start + size : start, least, most);
  end = std::clamp(end < 0 ? end + size : end, least, most);
  const std::int64_t span = step > 0 ? end - start : start - end;
  // No step leads further than the axis is long; clamped, its negation and products stay in range.
  const std::int64_t stride = std::clamp<std::int64_t>(step, -size - 1, size + 1);
  const std::int64_t length = stride > 0 ? stride : -stride;
  return {start, span > 0 ? (span + length - 1) / length : 0, stride};
}

}  // namespace thimble::ops
