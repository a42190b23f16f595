#ifndef THIMBLE_REDUCE_STEP_I8_C
#define THIMBLE_REDUCE_STEP_I8_C
#include "thimble_kernel.h"

// What has been combined so far, with one more element. kind: 0 and 5 sum, 1 largest, 2 smallest.
THIMBLE_KERNEL int32_t reduce_step_i8(int32_t sum, int x, int kind) {
  switch (kind) {
    case 1:
      return x > sum ? x : sum;
    case 2:
      return x < sum ? x : sum;
    default:
      return sum + x;
  }
}

#endif
