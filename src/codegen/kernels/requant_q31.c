#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "shifted_i32.c"
#include "thimble_kernel.h"

// TensorFlow Lite's: sum * multiplier * 2^(shift - 31) by gemmlowp's two roundings: a doubling
// multiplication that keeps the high half, halves up, then a right shift, halves away from zero.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int32_t multiplier, int8_t shift) {
  if (shift > 0) sum = shifted_i32(sum, shift);
  const int32_t high = (int32_t)(((int64_t)sum * multiplier + ((int64_t)1 << 30)) >> 31);
  if (shift >= 0) return high;
  return (((high + (high >> 31)) >> ~shift) + 1) >> 1;
}

#endif
