#include "thimble_kernel.h"

// Turns what has been combined of all rows into outputs.
THIMBLE_KERNEL void reduce_end_f32(float *out, int out_pixel, const float *state, int x0, int x1,
                                   int out_c, float divisor) {
  state += x0 * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = state[c] / divisor;
    }
    state += out_c;
    out += out_pixel;
  }
}
