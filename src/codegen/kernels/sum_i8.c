#ifndef THIMBLE_SUM_I8_C
#define THIMBLE_SUM_I8_C
#include "thimble_kernel.h"

// Sum of the weights that dot_i8 multiplies.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_i8(const int8_t *weight, int weight_step,
                                               const int8_t *weight_end, int run) {
  int32_t sum = 0;
  for (; weight < weight_end; weight += weight_step) {
    for (int i = 0; i < run; ++i) {
      sum += THIMBLE_READ_I8(weight + i);
    }
  }
  return sum;
}

#endif
