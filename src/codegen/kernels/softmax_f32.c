#include <math.h>

#include "thimble_kernel.h"

// Over the channels of each pixel. An element is read for the last time just before it is written.
THIMBLE_KERNEL void softmax_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                                int x1, int in_c) {
  for (int x = x0; x < x1; ++x) {
    float most = row0[0];
    float sum = 0.0f;
    for (int c = 1; c < in_c; ++c) {
      if (row0[c] > most) most = row0[c];
    }
    for (int c = 0; c < in_c; ++c) {
      sum += expf(row0[c] - most);
    }
    for (int c = 0; c < in_c; ++c) {
      out[c] = expf(row0[c] - most) / sum;
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
