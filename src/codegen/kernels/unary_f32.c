#include "thimble_kernel.h"

THIMBLE_KERNEL void unary_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                              int x1, int out_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const float u = row0[c];
      out[c] = THIMBLE_FUNCTION(u);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
