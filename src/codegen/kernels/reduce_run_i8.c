#ifndef THIMBLE_REDUCE_RUN_I8_C
#define THIMBLE_REDUCE_RUN_I8_C
#include "reduce_step_i8.c"
#include "thimble_kernel.h"

// Combines run_c channels of each of run_w pixels.
THIMBLE_KERNEL int32_t reduce_run_i8(int32_t sum, const int8_t *pixel, int in_pixel, int kind,
                                     int run_w, int run_c, int in_zero) {
  for (int x = 0; x < run_w; ++x) {
    for (int c = 0; c < run_c; ++c) {
      sum = reduce_step_i8(sum, pixel[c] - in_zero, kind);
    }
    pixel += in_pixel;
  }
  return sum;
}

#endif
