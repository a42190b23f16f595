#ifndef THIMBLE_SUM_I8_C
#define THIMBLE_SUM_I8_C
#include "thimble_kernel.h"

// Sum of `count` neighbouring weights.
THIMBLE_KERNEL int32_t sum_i8(const int8_t *weight, int count) {
  int32_t sum = 0;
  for (; count > 0; --count) {
    sum += THIMBLE_READ_I8(weight);
    ++weight;
  }
  return sum;
}

#endif
