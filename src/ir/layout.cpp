// The rule in layout.h: an order of axes, from which shape and strides follow.
#include "ir/layout.h"

#include <algorithm>
#include <numeric>

namespace thimble::ir {
namespace {

std::vector<int> order_of(const std::vector<std::int64_t> &dims, AxisOrder axes) {
  std::vector<int> order(dims.size());
  std::iota(order.begin(), order.end(), 0);
  if (axes == AxisOrder::kChannelsFirst && !is_plain(dims))
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  return order;
}

// Rows, columns and channels of sides in stored order, the slowest first.
Shape shape_of(const std::vector<std::int64_t> &sides) {
  const auto first =
      std::find_if(sides.begin(), sides.end(), [](std::int64_t side) { return side != 1; });
  Shape shape;
  if (first == sides.end()) return shape;
  shape.channels = static_cast<int>(sides.back());
  if (first + 1 == sides.end()) return shape;
  shape.rows = static_cast<int>(*first);
  shape.cols = static_cast<int>(
      std::accumulate(first + 1, sides.end() - 1, std::int64_t{1}, std::multiplies<>()));
  return shape;
}

}  // namespace

bool is_plain(const std::vector<std::int64_t> &dims) {
  return dims.size() < 3 || dims.size() > 4 || dims[0] != 1;
}

Layout layout_of(const std::vector<std::int64_t> &dims, AxisOrder axes) {
  Layout layout{{}, order_of(dims, axes), std::vector<std::int64_t>(dims.size())};
  std::int64_t stride = 1;
  for (std::size_t i = dims.size(); i-- > 0;) {
    layout.strides[layout.order[i]] = stride;
    stride *= dims[layout.order[i]];
  }
  if (is_plain(dims)) {
    layout.shape = shape_of(dims);
  } else {
    const auto side = [&](std::size_t i) { return static_cast<int>(dims[layout.order[i]]); };
    const bool picture = dims.size() == 4;
    layout.shape = {side(1), picture ? side(2) : 1, side(dims.size() - 1)};
  }
  return layout;
}

}  // namespace thimble::ir
