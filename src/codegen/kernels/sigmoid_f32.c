#include <math.h>

#include "thimble_kernel.h"

THIMBLE_KERNEL void sigmoid_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                                int x1, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      out[c] = 1.0f / (1.0f + expf(-row0[c]));
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
