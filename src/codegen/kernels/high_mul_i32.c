#ifndef THIMBLE_HIGH_MUL_I32_C
#define THIMBLE_HIGH_MUL_I32_C
#include "thimble_kernel.h"

// a * b / 2^31, halves up. Not both INT32_MIN.
THIMBLE_KERNEL int32_t high_mul_i32(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

#endif
