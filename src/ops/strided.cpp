// Strides by arithmetic alone: elements are enumerated only where each is asked for.
#include "ops/strided.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::ops {
namespace {

std::int64_t product(std::span<const StridedAxis> axes) {
  std::int64_t count = 1;
  for (const StridedAxis &axis : axes) count *= axis.size;
  return count;
}

void widen(ElementRange &range, std::int64_t lo, std::int64_t hi) {
  const bool empty = range.lo == range.hi;
  range = empty ? ElementRange{lo, hi + 1}
                : ElementRange{std::min(range.lo, lo), std::max(range.hi, hi + 1)};
}

// Elements [first, last) of `axes`, the first axis counted from element `base` of the tensor. A
// part that begins or ends within an axis is looked at axis by axis; whole ones have their ends at
// the corners.
void widen(ElementRange &range, std::span<const StridedAxis> axes, std::int64_t base,
           std::int64_t first, std::int64_t last) {
  if (first >= last) return;
  if (axes.empty()) return widen(range, base, base);
  const auto inner_axes = axes.subspan(1);
  const std::int64_t inner = product(inner_axes), stride = axes[0].stride;
  const std::int64_t a = first / inner, b = (last - 1) / inner;
  if (a == b && last - first < inner)
    return widen(range, inner_axes, base + a * stride, first - a * inner, last - a * inner);
  const std::int64_t whole_from = (first + inner - 1) / inner, whole_to = last / inner;
  widen(range, inner_axes, base + a * stride, first - a * inner, whole_from > a ? inner : 0);
  if (whole_to == b) widen(range, inner_axes, base + b * stride, 0, last - b * inner);
  if (whole_from >= whole_to) return;
  std::int64_t lo = base, hi = base;
  const auto extend = [&](std::int64_t from, std::int64_t to) {
    lo += std::min(from, to);
    hi += std::max(from, to);
  };
  extend(whole_from * stride, (whole_to - 1) * stride);
  for (const StridedAxis &axis : inner_axes) extend(0, (axis.size - 1) * axis.stride);
  widen(range, lo, hi);
}

}  // namespace

std::int64_t Strided::elements() const { return product(axes); }

Strided coalesced(const Strided &strided) {
  Strided result{strided.offset, {}};
  for (const StridedAxis &axis : strided.axes) {
    if (axis.size == 1) continue;
    StridedAxis *outer = result.axes.empty() ? nullptr : &result.axes.back();
    if (outer && outer->stride == axis.stride * axis.size)
      *outer = {outer->size * axis.size, axis.stride};
    else
      result.axes.push_back(axis);
  }
  return result;
}

std::vector<StridedAxis> dense(std::span<const std::int64_t> sizes) {
  std::vector<StridedAxis> axes(sizes.size());
  std::int64_t stride = 1;
  for (std::size_t i = sizes.size(); i-- > 0; stride *= sizes[i]) axes[i] = {sizes[i], stride};
  return axes;
}

std::optional<std::vector<std::vector<StridedAxis>>> regrouped(
    const Strided &strided, std::span<const std::int64_t> sizes) {
  std::vector<StridedAxis> left = coalesced(strided).axes;
  std::vector<std::vector<StridedAxis>> groups(sizes.size());
  for (std::size_t i = sizes.size(); i-- > 0;) {
    std::int64_t wanted = sizes[i];
    while (wanted > 1) {
      CHECK(!left.empty(), "axes are regrouped into as many elements");
      StridedAxis &axis = left.back();
      const std::int64_t taken = std::min(wanted, axis.size);
      if (axis.size % taken != 0 || wanted % taken != 0) return std::nullopt;
      groups[i].insert(groups[i].begin(), {taken, axis.stride});
      wanted /= taken;
      axis = {axis.size / taken, axis.stride * taken};
      if (axis.size == 1) left.pop_back();
    }
    if (groups[i].empty()) groups[i].push_back({});
  }
  return groups;
}

std::vector<std::int64_t> sources(const Strided &strided) {
  std::vector<std::int64_t> result{strided.offset};
  result.reserve(static_cast<std::size_t>(strided.elements()));
  for (std::size_t k = strided.axes.size(); k-- > 0;) {
    // What is there is one step along axis k; the others follow at its stride.
    const std::size_t block = result.size();
    for (std::int64_t i = 1; i < strided.axes[k].size; ++i)
      for (std::size_t e = 0; e < block; ++e)
        result.push_back(result[e] + i * strided.axes[k].stride);
  }
  return result;
}

ElementRange bounds(const Strided &strided, std::int64_t first, std::int64_t last) {
  ElementRange range;
  widen(range, strided.axes, strided.offset, first, last);
  return range;
}

std::vector<Range> monotone_hull(std::vector<Range> rows, int input_rows) {
  int hi = 0;
  for (Range &range : rows) {
    const bool empty = range.lo >= range.hi;
    hi = std::max(hi, range.hi);
    range = {empty ? input_rows : range.lo, hi};
  }
  int lo = input_rows;
  for (std::size_t y = rows.size(); y-- > 0;) {
    lo = std::min(lo, rows[y].lo);
    rows[y].lo = std::min(lo, rows[y].hi);
  }
  return rows;
}

Access access_of_elements(
    const ir::Shape &in, const ir::Shape &out,
    const std::function<ElementRange(std::int64_t first, std::int64_t last)> &reads) {
  const std::int64_t in_row = std::int64_t{in.cols} * in.channels;
  const std::int64_t out_row = std::int64_t{out.cols} * out.channels;
  std::vector<Range> rows;
  for (int y = 0; y < out.rows; ++y) {
    const ElementRange read = reads(y * out_row, (y + 1) * out_row);
    rows.push_back(
        {static_cast<int>(read.lo / in_row), static_cast<int>((read.hi - 1) / in_row) + 1});
  }
  return {AccessKind::kWindow, monotone_hull(std::move(rows), in.rows), {}};
}

Access strided_access(const Strided &strided, const ir::Shape &in, const ir::Shape &out) {
  return access_of_elements(
      in, out, [&](std::int64_t first, std::int64_t last) { return bounds(strided, first, last); });
}

}  // namespace thimble::ops
