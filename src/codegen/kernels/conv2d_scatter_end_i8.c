#include "output_i8.c"
#include "thimble_kernel.h"

// Row y of a scattered convolution from its sums, which start anew for the row that comes kernel_h
// rows later.
THIMBLE_KERNEL void conv2d_scatter_end_i8(int8_t *out, int out_pixel, int32_t *state, int y, int x0,
                                          int x1, const int32_t *bias,
                                          const thimble_multiplier *multiplier, const int8_t *shift,
                                          int out_zero, int act_min, int act_max, int out_w,
                                          int out_c, int kernel_h) {
  int32_t *sum = state + (y % kernel_h * out_w + x0) * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = output_i8(*sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                         out_zero, act_min, act_max);
      *sum = THIMBLE_READ_I32(bias + c);
      ++sum;
    }
    out += out_pixel;
  }
}
