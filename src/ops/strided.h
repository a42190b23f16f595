// Where elements come from that only move: the arithmetic of strides, for the operators AsStrided
// and Permute and for the importers of everything that they express (transposed, sliced, repeated,
// flipped, regrouped axes).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::ops {

struct StridedAxis {
  std::int64_t size = 1;
  std::int64_t stride = 0;  // in elements of the input; 0 repeats, negative ones run backwards
  bool operator==(const StridedAxis &) const = default;
};

// Element (i0, i1, ...) is element offset + sum of ik * axes[k].stride of some tensor; elements go
// in the order of their indices, the last the fastest.
struct Strided {
  std::int64_t offset = 0;
  std::vector<StridedAxis> axes;
  std::int64_t elements() const;
  bool operator==(const Strided &) const = default;
};

// The same elements in the same order with as few axes as possible: none for one element.
Strided coalesced(const Strided &strided);
// Dense axes of these sizes: the tensor itself.
std::vector<StridedAxis> dense(std::span<const std::int64_t> sizes);
// The same elements as axes of other sizes, grouped by them; nothing where an axis of `strided`
// would have to be cut at a place that is not a multiple. The products must be equal.
std::optional<std::vector<std::vector<StridedAxis>>> regrouped(const Strided &strided,
                                                               std::span<const std::int64_t> sizes);

// Entry i: which element of the tensor element i is.
std::vector<std::int64_t> sources(const Strided &strided);
// Least and (one beyond the) largest element of the tensor among elements [first, last) of
// `strided`.
struct ElementRange {
  std::int64_t lo = 0, hi = 0;
};
ElementRange bounds(const Strided &strided, std::int64_t first, std::int64_t last);

// The least ranges that cover these, one an output row, whose both ends are monotone; an empty
// range asks for nothing.
std::vector<Range> monotone_hull(std::vector<Range> rows, int input_rows);
// The input rows that each output row reads, where `reads` tells for output elements [first, last),
// in stored order, between which input elements they come from.
Access access_of_elements(
    const ir::Shape &in, const ir::Shape &out,
    const std::function<ElementRange(std::int64_t first, std::int64_t last)> &reads);
// Of an output of shape `out` whose elements in stored order are `strided` over a tensor of shape
// `in`: the input rows that each output row reads.
Access strided_access(const Strided &strided, const ir::Shape &in, const ir::Shape &out);

}  // namespace thimble::ops
