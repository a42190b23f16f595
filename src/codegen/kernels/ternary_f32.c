#include "thimble_kernel.h"

// specialise: in0_step in1_step in2_step
THIMBLE_KERNEL void ternary_f32(float *out, int out_pixel, const float *row0, int in0_pixel,
                                const float *row1, int in1_pixel, const float *row2, int in2_pixel,
                                int x0, int x1, int out_c, int in0_step, int in1_step,
                                int in2_step) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const float u = row0[c * in0_step];
      const float v = row1[c * in1_step];
      const float w = row2[c * in2_step];
      out[c] = THIMBLE_FUNCTION(u, v, w);
    }
    out += out_pixel;
    row0 += in0_pixel;
    row1 += in1_pixel;
    row2 += in2_pixel;
  }
}
