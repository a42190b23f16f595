// Broadcasting by the axes of each stored side (broadcast.h).
#include "ops/broadcast.h"

#include <algorithm>
#include <array>

namespace thimble::ops {
namespace {

// For each axis in stored order, which side of the result's shape it is part of: rows, columns or
// channels are products of neighbouring axes.
std::vector<int> sides_of(const Layout &layout, const Dims &dims) {
  std::array<std::int64_t, 3> left{layout.shape.rows, layout.shape.cols, layout.shape.channels};
  std::vector<int> sides;
  for (const int axis : layout.order) {
    const std::int64_t size = dims[axis];
    int side = 0;
    while (side < 2 && (left[side] == 1 || left[side] % size != 0)) ++side;
    if (size > 1) left[side] /= size;
    sides.push_back(side);
  }
  return sides;
}

}  // namespace

std::optional<Dims> broadcast_dims(const Dims &a, const Dims &b) {
  Dims dims(std::max(a.size(), b.size()), 1);
  for (const Dims *one : {&a, &b})
    for (std::size_t i = 0; i < one->size(); ++i) {
      std::int64_t &dim = dims[dims.size() - one->size() + i];
      const std::int64_t other = (*one)[i];
      if (dim != other && dim != 1 && other != 1) return std::nullopt;
      if (dim == 1) dim = other;
    }
  return dims;
}

BroadcastOperand broadcast_operand(const Builder &builder, const Imported &operand,
                                   const Dims &out) {
  const Layout layout = ir::layout_of(out, builder.axes());
  StridedView view = builder.view_of(operand);
  view.axes.insert(view.axes.begin(), out.size() - operand.dims.size(), {{1, 0}});
  const std::vector<int> side_of = sides_of(layout, out);
  // A side with axes that differ from the result's is 1 if all its axes are, else it is filled up.
  std::array<std::int64_t, 3> sides{1, 1, 1};
  for (std::size_t i = 0; i < side_of.size(); ++i) sides[side_of[i]] *= view.size(layout.order[i]);
  for (std::size_t i = 0; i < side_of.size(); ++i) {
    const auto axis = static_cast<std::size_t>(layout.order[i]);
    if (view.size(axis) == out[axis] || sides[side_of[i]] == 1) continue;
    view.axes[axis] = {{out[axis], 0}};
  }
  const std::array<std::int64_t, 3> full{layout.shape.rows, layout.shape.cols,
                                         layout.shape.channels};
  const auto side = [&](int i) { return static_cast<int>(sides[i] == 1 ? 1 : full[i]); };
  return {{side(0), side(1), side(2)}, view.in_stored_order(layout)};
}

}  // namespace thimble::ops
