#include "reduce_run_i8.c"
#include "thimble_kernel.h"

// Combines pixels [x0, x1) of one more input row with what each output element has so far.
// specialise: kind
THIMBLE_KERNEL void reduce_fold_i8(int32_t *state, const int8_t *row0, int in0_pixel, int x0,
                                   int x1, int kind, int run_w, int run_c, int out_c, int in_zero) {
  for (int x = x0; x < x1; ++x) {
    int32_t *const sum = state + x / run_w * out_c;
    for (int c = 0; c < out_c; ++c) {
      sum[c] = reduce_run_i8(sum[c], row0 + c, in0_pixel, kind, 1, run_c, in_zero);
    }
    row0 += in0_pixel;
  }
}
