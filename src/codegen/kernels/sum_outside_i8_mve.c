#ifndef THIMBLE_SUM_OUTSIDE_I8_MVE_C
#define THIMBLE_SUM_OUTSIDE_I8_MVE_C
#include "sum_i8.c"
#include "thimble_kernel.h"

// As sum_outside_i8.c: all of them less those inside.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_outside_i8(const int8_t *weight, const int8_t *end,
                                                       const int8_t *inside, int run, int pitch,
                                                       int rows) {
  int32_t sum = sum_i8(weight, end - weight);
  for (; rows > 0; --rows) {
    sum -= sum_i8(inside, run);
    inside += pitch;
  }
  return sum;
}

#endif
