#include "output_i8.c"
#include "thimble_kernel.h"

// The inputs 20 bits up, each brought to half the larger of their scales, as TensorFlow Lite does
// it; then to the output's.
// specialise: in0_step in1_step
THIMBLE_KERNEL void binary_q31_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                  const int8_t *row1, int in1_pixel, int x0, int x1, int out_c,
                                  int in0_step, int in1_step, int a_zero, int b_zero,
                                  thimble_multiplier a_multiplier, int8_t a_shift,
                                  thimble_multiplier b_multiplier, int8_t b_shift,
                                  thimble_multiplier multiplier, int8_t shift, int out_zero,
                                  int act_min, int act_max) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const int32_t a = (int32_t)(row0[c * in0_step] - a_zero) * 1048576;
      const int32_t b = (int32_t)(row1[c * in1_step] - b_zero) * 1048576;
      const int32_t u = thimble_requant(a, a_multiplier, a_shift);
      const int32_t v = thimble_requant(b, b_multiplier, b_shift);
      const int32_t sum = THIMBLE_FUNCTION(u, v);
      out[c] = output_i8(sum, multiplier, shift, out_zero, act_min, act_max);
    }
    out += out_pixel;
    row0 += in0_pixel;
    row1 += in1_pixel;
  }
}
