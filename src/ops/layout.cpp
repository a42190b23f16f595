// Bounds of foreign dimensions (layout.h).
#include "ops/layout.h"

#include <fmt/format.h>

#include "ops/infer.h"

namespace thimble::ops {

Result<Layout> layout_of(const Dims &dims, ir::AxisOrder axes) {
  const auto tensor = [&] { return fmt::format("a tensor of [{}]", fmt::join(dims, ",")); };
  std::int64_t elements = 1;
  for (const std::int64_t dim : dims)
    if (dim < 1 || dim > kMaxElements || (elements *= dim) > kMaxElements)
      return model_error(
          tensor(), fmt::format("each dimension is at least 1, at most {} elements", kMaxElements));
  if (dims.size() > kMaxRank)
    return model_error(tensor(), fmt::format("at most {} dimensions are supported", kMaxRank));
  return ir::layout_of(dims, axes);
}

std::optional<std::size_t> position(std::int64_t axis, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (axis < -size || axis >= size) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

bool lies_in_channels(const Dims &dims, ir::AxisOrder axes, std::size_t axis) {
  return axis < dims.size() && ir::layout_of(dims, axes).order.back() == static_cast<int>(axis);
}

}  // namespace thimble::ops
