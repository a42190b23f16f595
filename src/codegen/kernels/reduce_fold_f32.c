#include "reduce_run_f32.c"
#include "thimble_kernel.h"

// Combines pixels [x0, x1) of one more input row with what each output element has so far.
// specialise: kind
THIMBLE_KERNEL void reduce_fold_f32(float *state, const float *row0, int in0_pixel, int x0, int x1,
                                    int kind, int run_w, int run_c, int out_c) {
  for (int x = x0; x < x1; ++x) {
    float *const sum = state + x / run_w * out_c;
    for (int c = 0; c < out_c; ++c) {
      sum[c] = reduce_run_f32(sum[c], row0 + c, in0_pixel, kind, 1, run_c);
    }
    row0 += in0_pixel;
  }
}
