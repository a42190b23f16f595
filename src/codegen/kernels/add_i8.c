#include "output_i8.c"
#include "thimble_kernel.h"

// Both inputs are brought to the larger of their scales by 14-bit factors, then to the output's.
THIMBLE_KERNEL void add_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                           const int8_t *row1, int in1_pixel, int x0, int x1, int in_c, int a_zero,
                           int b_zero, int a_factor, int b_factor, thimble_multiplier multiplier,
                           int8_t shift, int out_zero, int act_min, int act_max) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const int32_t sum = (int32_t)(row0[c] - a_zero) * a_factor +  //
                          (int32_t)(row1[c] - b_zero) * b_factor;
      out[c] = output_i8(sum, multiplier, shift, out_zero, act_min, act_max);
    }
    out += out_pixel;
    row0 += in0_pixel;
    row1 += in1_pixel;
  }
}
