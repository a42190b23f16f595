#include "thimble_kernel.h"

// x * min(max(x + 3, 0), 6) / 6
THIMBLE_KERNEL void hard_swish_f32(float *out, int out_pixel, const float *row0, int in0_pixel,
                                   int x0, int x1, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const float gate = row0[c] + 3.0f;
      out[c] = row0[c] * (gate < 0.0f ? 0.0f : gate > 6.0f ? 6.0f : gate) / 6.0f;
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
