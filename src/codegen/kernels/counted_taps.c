#ifndef THIMBLE_COUNTED_TAPS_C
#define THIMBLE_COUNTED_TAPS_C
#include "end_tap.c"
#include "first_tap.c"
#include "thimble_kernel.h"

// How many of a window's taps lie in the input or in the padding that counts, on one axis.
THIMBLE_KERNEL int counted_taps(int start, int size, int kernel, int dilation, int counted_before,
                                int counted_after) {
  return end_tap(start, size + counted_after, kernel, dilation) -
         first_tap(start + counted_before, dilation);
}

#endif
