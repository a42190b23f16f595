#include "clamp_f32.c"
#include "thimble_kernel.h"

THIMBLE_KERNEL void batch_norm_f32(float *out, int out_pixel, const float *row0, int in0_pixel,
                                   int x0, int x1, const float *scale, const float *shift_by,
                                   float act_min, float act_max, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const float value = row0[c] * THIMBLE_READ_F32(scale + c) + THIMBLE_READ_F32(shift_by + c);
      out[c] = clamp_f32(value, act_min, act_max);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
