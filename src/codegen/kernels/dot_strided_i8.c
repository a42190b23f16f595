#ifndef THIMBLE_DOT_STRIDED_I8_C
#define THIMBLE_DOT_STRIDED_I8_C
#include "thimble_kernel.h"

// Sum of weight * (value - zero) over `count` values `step` apart: |value - zero| <= 255,
// so the product fits an `int` of 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_strided_i8(const int8_t *values, int step,
                                                       const int8_t *weight, int count, int zero) {
  int32_t sum = 0;
  for (; count > 0; --count) {
    sum += THIMBLE_READ_I8(weight) * (*values - zero);
    ++weight;
    values += step;
  }
  return sum;
}

#endif
