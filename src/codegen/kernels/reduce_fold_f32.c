#include "reduce_run_f32.c"
#include "thimble_kernel.h"

// Combines one more input row with what each output element has so far.
// specialise: kind
THIMBLE_KERNEL void reduce_fold_f32(float *state, const float *row0, int in0_pixel, int kind,
                                    int run_w, int run_c, int out_w, int out_c) {
  for (int x = 0; x < out_w; ++x) {
    for (int c = 0; c < out_c; ++c) {
      *state = reduce_run_f32(*state, row0 + c, in0_pixel, kind, run_w, run_c);
      ++state;
    }
    row0 += in0_pixel;
  }
}
