#ifndef THIMBLE_REDUCE_STEP_F32_C
#define THIMBLE_REDUCE_STEP_F32_C
#include "thimble_kernel.h"

// What has been combined so far, with one more element. kind: 0 and 5 sum, 1 largest, 2 smallest,
// 3 product, 4 sum of magnitudes, 6 sum of squares.
THIMBLE_KERNEL float reduce_step_f32(float sum, float x, int kind) {
  switch (kind) {
    case 1:
      return x > sum ? x : sum;
    case 2:
      return x < sum ? x : sum;
    case 3:
      return sum * x;
    case 4:
      return x < 0.0f ? sum - x : sum + x;
    case 6:
      return sum + x * x;
    default:
      return sum + x;
  }
}

#endif
