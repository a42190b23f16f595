#include "output_i8.c"
#include "thimble_kernel.h"

THIMBLE_KERNEL void batch_norm_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                  int x0, int x1, const int8_t *weight, const int32_t *bias,
                                  const thimble_multiplier *multiplier, const int8_t *shift,
                                  int in_zero, int out_zero, int act_min, int act_max, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const int32_t sum =
          THIMBLE_READ_I32(bias + c) + THIMBLE_READ_I8(weight + c) * (row0[c] - in_zero);
      out[c] = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                         out_zero, act_min, act_max);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
