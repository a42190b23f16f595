#include "reduce_run_f32.c"
#include "reduce_start_f32.c"
#include "thimble_kernel.h"

// Each output element combines run_w columns or one, run_c channels or one, of its own row.
// specialise: kind
THIMBLE_KERNEL void reduce_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                               int x1, int kind, int run_w, int run_c, int out_c, float divisor) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const float sum =
          reduce_run_f32(reduce_start_f32(kind), row0 + c, in0_pixel, kind, run_w, run_c);
      out[c] = sum / divisor;
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
