#ifndef THIMBLE_DOT_F32_C
#define THIMBLE_DOT_F32_C
#include "thimble_kernel.h"

// `sum` plus weight * value over `count` neighbours.
THIMBLE_KERNEL THIMBLE_NOINLINE float dot_f32(const float *values, const float *weight, int count,
                                              float sum) {
  for (; count > 0; --count) {
    sum += THIMBLE_READ_F32(weight) * *values;
    ++weight;
    ++values;
  }
  return sum;
}

#endif
