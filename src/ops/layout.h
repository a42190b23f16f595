// Foreign dimensions to stored tensors, checked: what importers ask before they add a node. The
// rule itself is ir::layout_of.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/layout.h"
#include "support/diagnostic.h"

namespace thimble::ops {

using Dims = std::vector<std::int64_t>;  // of a foreign tensor, batch included
using ir::Layout;

inline constexpr std::size_t kMaxRank = 8;

// Errors: more than kMaxRank dimensions, one below 1, more than kMaxElements (infer.h) elements.
Result<Layout> layout_of(const Dims &dims, ir::AxisOrder axes);

// `axis` counted from 0, or nothing when it is out of [-rank, rank).
std::optional<std::size_t> position(std::int64_t axis, std::size_t rank);

// Whether an axis is the stored tensor's channels. (Of sound dimensions.)
bool lies_in_channels(const Dims &dims, ir::AxisOrder axes, std::size_t axis);

}  // namespace thimble::ops
