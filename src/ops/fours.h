// Depthwise convolutions of three by three four channels at a time, without memory for them: each
// value is loaded once a window, and taps outside of the input are passed over. For the kernel
// depthwise2d_fours_i8, of which a node has the attribute {pairs = 4} (the pass byte-fours): of
// four channels there are 17 words, their biases, nine of bytes, which are a tap's weights, and
// their multipliers; biases and multipliers are those of the line through their outputs
// (rescale_line.h).
#pragma once

#include "ops/operator.h"
#include "ops/rescale_line.h"

namespace thimble::ops {

constexpr int kFours = 4;

// Windows of three by three over single channels, in whole fours, which reach out of the input by
// one row or column at most; weights in no code, and maybe on a line.
bool can_be_in_fours(const ir::Graph &graph, const ir::Node &node);
bool is_in_fours(const ir::Node &node);

// Of depthwise2d_i8 of such a node, which has the size `fours`, on a line; as it is where it is
// another kernel, or the line has not the usual shift.
Kernel in_fours(Kernel kernel, const RescaleLine &line);
inline constexpr const char *kFoursSize = "fours";
bool wants_fours(const Kernel &kernel);

}  // namespace thimble::ops
