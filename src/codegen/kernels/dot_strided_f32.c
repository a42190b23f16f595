#ifndef THIMBLE_DOT_STRIDED_F32_C
#define THIMBLE_DOT_STRIDED_F32_C
#include "thimble_kernel.h"

// `sum` plus weight * value over `count` values `step` apart.
THIMBLE_KERNEL THIMBLE_NOINLINE float dot_strided_f32(const float *values, int step,
                                                      const float *weight, int count, float sum) {
  for (; count > 0; --count) {
    sum += THIMBLE_READ_F32(weight) * *values;
    ++weight;
    values += step;
  }
  return sum;
}

#endif
