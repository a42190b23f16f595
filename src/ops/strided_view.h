// A foreign tensor as strides over the value that holds it: importers of operators that only move
// elements change this view, axis by axis in the file's words, and Builder::bind_view turns it into
// the cheapest nodes: none, a Reshape, a Permute, or an AsStrided.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/import.h"
#include "ops/layout.h"
#include "ops/strided.h"

namespace thimble::ops {

struct StridedView {
  ir::ValueId value = kFailedValue;
  std::int64_t offset = 0;
  // By the file's axis, each in parts from the slowest to the fastest: one after Builder::view_of,
  // several where axes have been merged or repeated.
  std::vector<std::vector<StridedAxis>> axes;

  Dims dims() const;
  std::int64_t size(std::size_t axis) const;
  Strided in_file_order() const;
  Strided in_stored_order(const Layout &layout) const;
};

// Elements start, start + step, ... (count of them) of an axis of one part.
void slice(StridedView &view, std::size_t axis, std::int64_t start, std::int64_t step,
           std::int64_t count);
// The whole axis `count` times over.
void repeat(StridedView &view, std::size_t axis, std::int64_t count);
// One axis as several of these sizes. Nothing: a part would have to be cut.
std::optional<StridedView> split(const StridedView &view, std::size_t axis, const Dims &sizes);
// Axes [first, last) as one.
void merge(StridedView &view, std::size_t first, std::size_t last);
// Output axis i is axis order[i].
StridedView permuted(const StridedView &view, const std::vector<std::int64_t> &order);
// Other dimensions for the same elements in the file's order. Nothing: as split.
std::optional<StridedView> reshaped(const StridedView &view, const Dims &dims);

}  // namespace thimble::ops
