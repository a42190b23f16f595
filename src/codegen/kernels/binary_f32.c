#include "thimble_kernel.h"

// specialise: in0_step in1_step
THIMBLE_KERNEL void binary_f32(float *out, int out_pixel, const float *row0, int in0_pixel,
                               const float *row1, int in1_pixel, int x0, int x1, int out_c,
                               int in0_step, int in1_step) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const float u = row0[c * in0_step];
      const float v = row1[c * in1_step];
      out[c] = THIMBLE_FUNCTION(u, v);
    }
    out += out_pixel;
    row0 += in0_pixel;
    row1 += in1_pixel;
  }
}
