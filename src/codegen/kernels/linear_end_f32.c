#include "clamp_f32.c"
#include "thimble_kernel.h"

// Turns finished sums into outputs; they are numbered as in linear_f32.
THIMBLE_KERNEL void linear_end_f32(float *out, int out_pixel, const float *state, int y, int x0,
                                   int x1, float act_min, float act_max, int out_w, int out_c) {
  int o = (y * out_w + x0) * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = clamp_f32(state[o], act_min, act_max);
      ++o;
    }
    out += out_pixel;
  }
}
