#ifndef THIMBLE_ROWS_W4_C
#define THIMBLE_ROWS_W4_C
#include "dot_w4.c"
#include "thimble_kernel.h"

// The sums of level * value, and `start`, of `pairs` > 0 times two outputs: `count` codes each,
// from 1 to 256, and then `skip` others.
THIMBLE_KERNEL THIMBLE_NOINLINE void rows_w4(const int8_t *values, const uint8_t *weight, int count,
                                             int skip, int pairs, int32_t start, int32_t *sums) {
  do {
    sums[0] = start;
    sums[1] = start;
    dot_w4(values, weight, 0, count, sums);
    weight += count + skip;
    sums += 2;
  } while (--pairs > 0);
}

#endif
