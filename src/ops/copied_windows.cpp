// Which windows are copied, and the bytes that takes (copied_windows.h).
#include "ops/copied_windows.h"

#include <algorithm>

#include "ops/byte_pairs.h"
#include "ops/pixel_twins.h"
#include "ops/quantized.h"
#include "ops/weight_code.h"

namespace thimble::ops {
namespace {

constexpr int kMostRows = 3, kMostColumns = 4;  // of a channel on its own
constexpr int kLanes = 16, kInterleaved = 4;    // channels at a time, bytes a channel and column
constexpr int kMostInputColumns = 18;           // interleaved at a time

// Of fewer, a kernel of what is not zero takes less time.
bool is_dense(const std::vector<std::int64_t> &weights) {
  const auto zeros = std::ranges::count(weights, 0);
  return (std::ssize(weights) - zeros) * 6 > std::ssize(weights);
}

bool is_depthwise(const Convolution &conv) {
  return conv.groups > 1 && conv.groups == conv.in_c && conv.out_c == conv.in_c &&
         conv.in_c % 4 == 0 && !conv.is_dilated() && conv.rows.kernel <= kMostRows &&
         conv.cols.kernel <= kMostColumns && conv.cols.stride <= kMostColumns;
}

// One, which always lies inside the input.
bool is_pixel(const Axis &axis) {
  return axis.kernel == 1 && axis.pad == 0 && (axis.out - 1) * axis.stride < axis.in;
}

}  // namespace

bool can_copy_windows(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Conv2d" || !is_int8(graph, node)) return false;
  if (is_paired(node) || is_twin(node)) return false;
  const Convolution conv = convolution_of(graph, node, false);
  if (!conv.is_plain() && !is_depthwise(conv)) return false;
  const auto weights = integers(weight_table(graph, node));
  if (!packed_weights(weights, conv.out_c).empty()) return false;
  return conv.groups > 1 || is_dense(weights);
}

bool copies_windows(const ir::Node &node) { return node.integer("windows", 0) != 0; }

int copied_columns(const Convolution &conv) {
  const int most = (kMostInputColumns - conv.cols.kernel) / conv.cols.stride + 1;
  return std::min(conv.cols.out, most);
}

// Interleaved columns and, behind them, sums.
std::int64_t copied_bytes(const Convolution &conv) {
  if (conv.groups == 1 && is_pixel(conv.rows) && is_pixel(conv.cols)) return 0;
  if (conv.groups == 1) return std::int64_t{conv.rows.kernel} * conv.cols.kernel * conv.in_c;
  const int columns = copied_columns(conv);
  const int read = (columns - 1) * conv.cols.stride + conv.cols.kernel;
  return std::int64_t{kLanes} * (kInterleaved * read + 4 * columns);
}

}  // namespace thimble::ops
