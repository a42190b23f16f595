#include <string.h>

#include "eights_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Convolution of one pixel at a time, eight outputs at a time, weights in pairs [8 outputs][4 of a
// window, and nothing behind the last][even, odd][2 outputs][2 inputs] (eights_i8).
//
// A window is neighbours: those of a pixel, or `gathered` in `work`, with the input's zero point
// where it lies outside the input: its share of a sum is taken off in `full_bias`.
THIMBLE_KERNEL void conv2d_eights_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                     int in0_row, int in0_pixel, int in0_top, int8_t *work, int y,
                                     int x0, int x1, const int32_t *weight,
                                     const int32_t *full_bias, const thimble_multiplier *multiplier,
                                     const int8_t *shift, int in_zero, int out_zero, int act_min,
                                     int act_max, int in_h, int in_w, int in_c, int out_c,
                                     int kernel_h, int kernel_w, int stride_h, int stride_w,
                                     int pad_top, int pad_left, int gathered) {
  const int top = y * stride_h - pad_top;
  const int fours = (kernel_h * kernel_w * in_c + 3) / 4;
  for (int x = x0; x < x1; ++x) {
    const int left = x * stride_w - pad_left;
    const int8_t *values = in0 + (in0_top + left * in0_pixel);
    if (gathered) {
      const int kx0 = left < 0 ? -left : 0;
      const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
      int row = in0_top;
      int8_t *window = work;
      values = work;
      if (top < 0 || top + kernel_h > in_h || kx0 > 0 || kx1 < kernel_w) {
        memset(work, in_zero, (size_t)(kernel_h * kernel_w * in_c));
      }
      for (int ky = 0; ky < kernel_h; ++ky) {
        if (top + ky >= 0 && top + ky < in_h) {
          const int8_t *pixel = in0 + (row + (left + kx0) * in0_pixel);
          const int at_once = in0_pixel == in_c ? kx1 - kx0 : 1;
          for (int kx = kx0; kx < kx1; kx += at_once) {
            memcpy(window + kx * in_c, pixel, (size_t)(at_once * in_c));
            pixel += in0_pixel;
          }
          row = (top + ky + 1) % in0_slots * in0_row;
        }
        window += kernel_w * in_c;
      }
    }
    const int32_t *w = weight;
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      eights_i8(values, w, fours, outputs, sums);
      w += 32 * fours;
      outputs_i8(out + c, sums, outputs, full_bias + c, multiplier + c, shift + c, out_zero,
                 act_min, act_max);
    }
    out += out_pixel;
  }
}
