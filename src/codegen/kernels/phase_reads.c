#ifndef THIMBLE_PHASE_READS_C
#define THIMBLE_PHASE_READS_C
#include "thimble_kernel.h"

// Whether pixel `pixel` of a transposed convolution reads input column `column`, both counted from
// a multiple of the stride on and what it comes from.
THIMBLE_KERNEL int phase_reads(int pixel, int column, int stride_w, int kernel_w, int pad_left) {
  const int from_tap = pixel + pad_left - column * stride_w;
  return from_tap >= 0 && from_tap < kernel_w;
}

#endif
