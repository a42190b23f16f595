#ifndef THIMBLE_REDUCE_RUN_F32_C
#define THIMBLE_REDUCE_RUN_F32_C
#include "reduce_step_f32.c"
#include "thimble_kernel.h"

// Combines run_c channels of each of run_w pixels.
THIMBLE_KERNEL float reduce_run_f32(float sum, const float *pixel, int in_pixel, int kind,
                                    int run_w, int run_c) {
  for (int x = 0; x < run_w; ++x) {
    for (int c = 0; c < run_c; ++c) {
      sum = reduce_step_f32(sum, pixel[c], kind);
    }
    pixel += in_pixel;
  }
  return sum;
}

#endif
