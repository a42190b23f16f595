#include "dot_rows_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Convolution of single pixels, none of them outside the input, weights [out][in], up to 32 outputs
// at a time. The input's zero point is in the biases.
THIMBLE_KERNEL void conv2d_points_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                     int x0, int x1, const int8_t *weight, const int32_t *full_bias,
                                     const thimble_multiplier *multiplier, const int8_t *shift,
                                     int out_zero, int act_min, int act_max, int in_c, int out_c,
                                     int stride_w) {
  for (int x = x0; x < x1; ++x) {
    const int8_t *w = weight;
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      dot_rows_i8(row0, w, in_c, outputs, sums);
      w += outputs * in_c;
      outputs_i8(out + c, sums, outputs, full_bias + c, multiplier + c, shift + c, out_zero,
                 act_min, act_max);
    }
    row0 += stride_w * in0_pixel;
    out += out_pixel;
  }
}
