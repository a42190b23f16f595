#ifndef THIMBLE_RECIPROCAL_Q31_C
#define THIMBLE_RECIPROCAL_Q31_C
#include "high_mul_i32.c"
#include "thimble_kernel.h"

// 1 / (1 + a / 2^31) * 2^31 by three steps of Newton's, as gemmlowp has it: from
// 48/17 - 32/17 * half, with two integer bits, where half is (1 + a / 2^31) / 2.
THIMBLE_KERNEL int32_t reciprocal_q31(int32_t a) {
  const int32_t half = (int32_t)(((int64_t)a + 2147483648) / 2);
  int32_t x = 1515870810 + high_mul_i32(half, -1010580540);
  for (int i = 0; i < 3; ++i) {
    x += high_mul_i32(x, 536870912 - high_mul_i32(half, x)) * 4;
  }
  return x > 1073741823 ? 2147483647 : x * 2;
}

#endif
