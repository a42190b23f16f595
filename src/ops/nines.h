// Depthwise convolutions of three by three in the instructions that multiply two halfwords, for the
// kernel depthwise2d_nines_i8: of each channel five words, loaded at once. Weights are 0, 1, 3, 4
// and 2, 6, 5, 7, bytes that widen to the pairs of columns 0, 1, 2 and of the third row, then 7
// and 8 as halfwords, 256 times these of a channel whose number is even; bias and multiplier are
// those of the line through its outputs
// (rescale_line.h) for sums of 256 times the values, the input's zero point included.
#pragma once

#include "ops/operator.h"
#include "ops/rescale_line.h"

namespace thimble::ops {

// Of the kernel depthwise2d_planes_i8 on a line; as it is where it is another kernel, or the line
// has not the usual shift.
Kernel in_nines(Kernel kernel, const RescaleLine &line);

}  // namespace thimble::ops
