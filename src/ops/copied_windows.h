// Windows copied to one run of bytes each, for processors whose dot products take sixteen bytes at
// a time (kernels *_windows_i8): whatever a window's rows and borders are, its products are one
// loop. A node with the attribute `windows` has its windows so (the pass copy-windows); one that
// convolves each channel on its own has the rows of its windows interleaved instead.
#pragma once

#include <cstdint>

#include "ops/convolution.h"
#include "ops/operator.h"

namespace thimble::ops {

// Whether the windows of a Conv2d can be copied, and are worth it: int8 weights that are neither in
// a code of few bits nor nearly all zero. Of a channel on its own: windows of at most three rows
// and four columns, whole fours of channels.
bool can_copy_windows(const ir::Graph &graph, const ir::Node &node);
bool copies_windows(const ir::Node &node);

// What the kernels take to copy to. None for single pixels, which lie in one run as they are.
std::int64_t copied_bytes(const Convolution &conv);
// Of a channel on its own: output columns that are made at a time.
int copied_columns(const Convolution &conv);

}  // namespace thimble::ops
