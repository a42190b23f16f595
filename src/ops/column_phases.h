// Transposed convolutions by instructions (avr_code.h), the pixels of one input column at once: of
// `stride` neighbouring outputs each reads some of the same few columns. A value is loaded once for
// all of them, and what a window costs besides its products is shared.
#pragma once

#include <optional>

#include "ops/operator.h"

namespace thimble::ops {

constexpr const char *kPixelByPixel = "conv_transpose2d_c8";
constexpr const char *kColumnPhases = "conv_transpose2d_phases_c8";

// Of the kernel kPixelByPixel the other one, which makes whole rows so, whose pixels and those it
// reads must lie side by side. Table tap_words, uint16_t: where each tap's instructions begin
// within those of a row of the window, then where this row's end. Sizes window_w, columns of the
// window, and first_column, where the first group's begin. None of another kernel, where strides
// make no whole groups or a group's sums have no registers.
std::optional<Kernel> with_column_phases(const ir::Graph &graph, const ir::Node &node,
                                         const Numbers &numbers, const Kernel &kernel);

}  // namespace thimble::ops
