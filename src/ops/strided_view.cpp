// Views of foreign tensors: lists of axes, changed one at a time (strided_view.h).
#include "ops/strided_view.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::ops {
namespace {

void append(std::vector<StridedAxis> &all, const std::vector<StridedAxis> &more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

std::int64_t StridedView::size(std::size_t axis) const {
  return Strided{0, axes.at(axis)}.elements();
}

Dims StridedView::dims() const {
  Dims dims;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) dims.push_back(size(axis));
  return dims;
}

Strided StridedView::in_file_order() const {
  Strided strided{offset, {}};
  for (const auto &parts : axes) append(strided.axes, parts);
  return strided;
}

Strided StridedView::in_stored_order(const Layout &layout) const {
  Strided strided{offset, {}};
  for (const int axis : layout.order) append(strided.axes, axes.at(axis));
  return strided;
}

StridedView Builder::view_of(const Imported &input) const {
  StridedView view{input.value, 0, {}};
  const Layout layout = ir::layout_of(input.dims, axes());
  for (std::size_t axis = 0; axis < input.dims.size(); ++axis)
    view.axes.push_back({{input.dims[axis], layout.strides[axis]}});
  return view;
}

void slice(StridedView &view, std::size_t axis, std::int64_t start, std::int64_t step,
           std::int64_t count) {
  CHECK(view.axes.at(axis).size() == 1, "a sliced axis has one part");
  StridedAxis &part = view.axes[axis][0];
  view.offset += start * part.stride;
  part = {count, step * part.stride};
}

void repeat(StridedView &view, std::size_t axis, std::int64_t count) {
  view.axes.at(axis).insert(view.axes[axis].begin(), {count, 0});
}

std::optional<StridedView> split(const StridedView &view, std::size_t axis, const Dims &sizes) {
  auto groups = regrouped({0, view.axes.at(axis)}, sizes);
  if (!groups) return std::nullopt;
  StridedView result = view;
  const auto at = result.axes.erase(result.axes.begin() + static_cast<std::ptrdiff_t>(axis));
  result.axes.insert(at, groups->begin(), groups->end());
  return result;
}

void merge(StridedView &view, std::size_t first, std::size_t last) {
  for (std::size_t axis = first + 1; axis < last; ++axis)
    append(view.axes.at(first), view.axes.at(axis));
  const auto begin = view.axes.begin();
  view.axes.erase(begin + static_cast<std::ptrdiff_t>(first) + 1,
                  begin + static_cast<std::ptrdiff_t>(last));
}

StridedView permuted(const StridedView &view, const std::vector<std::int64_t> &order) {
  StridedView result{view.value, view.offset, {}};
  for (const std::int64_t axis : order)
    result.axes.push_back(view.axes.at(static_cast<std::size_t>(axis)));
  return result;
}

std::optional<StridedView> reshaped(const StridedView &view, const Dims &dims) {
  auto groups = regrouped(view.in_file_order(), dims);
  if (!groups) return std::nullopt;
  return StridedView{view.value, view.offset, std::move(*groups)};
}

}  // namespace thimble::ops
