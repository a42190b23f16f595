// Sizes of what a file claims, computed without overflow.
#include "frontends/limits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace thimble::frontends {

std::int64_t element_count(const Dims &dims) {
  if (dims.size() > kMaxRank) return -1;
  std::int64_t count = 1;
  bool empty = false;
  for (std::int64_t dim : dims) {
    if (dim < 0 || dim > kMaxDim) return -1;
    empty |= dim == 0;
    if (dim > 0 && count > kMaxDim / dim) return -1;
    if (dim > 0) count *= dim;
  }
  return empty ? 0 : count;
}

bool Budget::take(std::int64_t elements) {
  if (elements > left_) return false;
  left_ -= elements;
  return true;
}

std::string to_string(const Dims &dims) { return fmt::format("[{}]", fmt::join(dims, ", ")); }

}  // namespace thimble::frontends
