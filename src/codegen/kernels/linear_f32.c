#include "clamp_f32.c"
#include "dot_f32.c"
#include "thimble_kernel.h"

// Fully connected: output element o of the flat output is the dot product of all of the input with
// weight row o.
THIMBLE_KERNEL void linear_f32(float *out, int out_pixel, const float *in0, int y, int x0, int x1,
                               const float *weight, const float *bias, float act_min, float act_max,
                               int in_count, int out_w, int out_c) {
  int o = (y * out_w + x0) * out_c;
  const float *w = weight + o * in_count;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = clamp_f32(dot_f32(in0, w, in_count, THIMBLE_READ_F32(bias + o)), act_min, act_max);
      w += in_count;
      ++o;
    }
    out += out_pixel;
  }
}
