// The indices that a slice of an axis names.
#pragma once

#include <cstdint>

namespace thimble::ops {

struct SliceRange {
  std::int64_t start = 0, count = 0, step = 1;
};

// NumPy's start:end:step of an axis of `size` elements; step is not 0.
SliceRange slice_range(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step);

}  // namespace thimble::ops
