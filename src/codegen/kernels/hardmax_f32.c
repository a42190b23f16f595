#include "thimble_kernel.h"

// 1 for the first of each pixel's largest elements, 0 for all others.
THIMBLE_KERNEL void hardmax_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                                int x1, int in_c) {
  for (int x = x0; x < x1; ++x) {
    int best = 0;
    for (int c = 1; c < in_c; ++c) {
      if (row0[c] > row0[best]) best = c;
    }
    for (int c = 0; c < in_c; ++c) {
      out[c] = c == best ? 1.0f : 0.0f;
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
