// Ranges of a sliding window along one axis, clipped to the input.
#include "ops/axis.h"

#include <algorithm>

namespace thimble::ops {
namespace {

// Rounds towards minus infinity; b > 0.
int floor_div(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

}  // namespace

Range reads(const Axis &axis, int i) {
  Range range;
  if (axis.transposed) {  // 0 <= i + pad - j * stride < span
    range.lo = floor_div(i + axis.pad - axis.span(), axis.stride) + 1;
    range.hi = floor_div(i + axis.pad, axis.stride) + 1;
  } else {
    range.lo = i * axis.stride - axis.pad;
    range.hi = range.lo + axis.span();
  }
  return {std::clamp(range.lo, 0, axis.in), std::clamp(range.hi, 0, axis.in)};
}

std::vector<std::vector<int>> taps_by_phase(const Axis &axis) {
  std::vector<std::vector<int>> phases(axis.transposed ? axis.stride : 1);
  for (int k = 0; k < axis.kernel; ++k) phases[k % phases.size()].push_back(k);
  if (axis.transposed)
    for (std::vector<int> &taps : phases) std::reverse(taps.begin(), taps.end());
  return phases;
}

std::optional<int> tap(const Axis &axis, int i, int j) {
  const int place =
      axis.transposed ? i + axis.pad - j * axis.stride : j + axis.pad - i * axis.stride;
  if (place < 0 || place % axis.dilation != 0 || place >= axis.span()) return std::nullopt;
  return place / axis.dilation;
}

Range taps(const Axis &axis, int i) {
  const int start = i * axis.stride - axis.pad, dilation = axis.dilation;
  const int first = start < 0 ? (dilation - 1 - start) / dilation : 0;
  const int inside = start < axis.in ? (axis.in - start + dilation - 1) / dilation : 0;
  return {first, std::min(inside, axis.kernel)};
}

std::vector<Range> all_reads(const Axis &axis) {
  std::vector<Range> ranges(axis.out);
  for (int i = 0; i < axis.out; ++i) ranges[i] = reads(axis, i);
  return ranges;
}

}  // namespace thimble::ops
