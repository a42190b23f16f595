#include <math.h>

#include "thimble_kernel.h"

// Each element over (bias + alpha / size * the sum of squares of the `size` channels around it) to
// the power beta.
THIMBLE_KERNEL void lrn_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                            int x1, int in_c, int size, float alpha, float beta, float bias) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const int first = c < (size - 1) / 2 ? 0 : c - (size - 1) / 2;
      const int last = c + size / 2 < in_c ? c + size / 2 : in_c - 1;
      float sum = 0.0f;
      for (int i = first; i <= last; ++i) {
        sum += row0[i] * row0[i];
      }
      out[c] = row0[c] / powf(bias + alpha / (float)size * sum, beta);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
