// One spatial axis of a sliding window: which input positions an output position reads, and through
// which place of the kernel. Rows and columns of convolutions, transposed convolutions and pooling
// are each one.
#pragma once

#include <optional>
#include <vector>

#include "ops/access.h"

namespace thimble::ops {

struct Axis {
  int in = 1, out = 1;  // positions
  int kernel = 1, stride = 1;
  int pad = 0;  // before the first input position; what follows the last shows in `out`
  // Forward: output i reads input i * stride + k * dilation - pad. Transposed: input j adds to
  // output j * stride + k * dilation - pad.
  bool transposed = false;
  int dilation = 1;
  int span() const { return (kernel - 1) * dilation + 1; }
};

// Input positions from the first to the last that output `i` may read, within the input; between
// them may lie some that it does not. Both ends are monotone in i.
Range reads(const Axis &axis, int i);
// Kernel index through which output `i` reads input `j` of its range; none for one in between.
std::optional<int> tap(const Axis &axis, int i, int j);
// The kernel's indices through which an output reads, in the order of the input's: one list for
// each phase, (i + pad) modulo stride, of a transposed axis' outputs i; a forward axis has one
// phase. Of axes without dilation.
std::vector<std::vector<int>> taps_by_phase(const Axis &axis);
// Kernel indices through which output `i` reads the input; of forward axes.
Range taps(const Axis &axis, int i);
// One range an output position.
std::vector<Range> all_reads(const Axis &axis);

}  // namespace thimble::ops
