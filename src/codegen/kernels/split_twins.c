#ifndef THIMBLE_SPLIT_TWINS_C
#define THIMBLE_SPLIT_TWINS_C
#include "thimble_kernel.h"

// Adds 65536 * high + low, low from -32768 to 32767: low to the first pixel's sum, high to the
// second's.
THIMBLE_KERNEL THIMBLE_INLINE void split_twins(int32_t both, int32_t *sums) {
  const int32_t low = (int16_t)both;
  sums[0] += low;
  sums[8] += (both - low) >> 16;
}

#endif
