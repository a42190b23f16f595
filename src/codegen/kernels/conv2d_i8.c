#include "dot_i8.c"
#include "output_i8.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// Convolution, weights [out][kernel row][kernel column][in].
//
// The sum of w * (a - in_zero) is the sum of w * a less in_zero times the sum of w. The latter
// depends only on which taps lie inside the input: `full_bias` has it taken off for all of them, at
// the borders it is worked out. A kernel row's taps are neighbours in memory where the input's
// pixels are.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                              int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *bias, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int in_zero, int out_zero, int act_min, int act_max, int in_h,
                              int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                              int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int ring_end = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  const int is_dense = in0_pixel == in_c;
  const int kernel_row = kernel_w * in_c;
  const int8_t *filter = weight + ky0 * kernel_row;
  for (int c = 0; c < out_c; ++c) {
    int8_t *pixel = out + c;
    int left = x0 * stride_w - pad_left;
    for (int x = x0; x < x1; ++x) {
      const int kx0 = left < 0 ? -left : 0;
      const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
      const int taps = (kx1 - kx0) * in_c;
      const int run = is_dense ? taps : in_c;
      int32_t sum;
      if (ky1 - ky0 == kernel_h && kx1 - kx0 == kernel_w) {
        sum = THIMBLE_READ_I32(full_bias + c);
      } else {
        const int8_t *w = filter + kx0 * in_c;
        int32_t weight_sum = 0;
        for (int ky = ky0; ky < ky1; ++ky) {
          weight_sum += sum_i8(w, run, w + taps, run);
          w += kernel_row;
        }
        sum = THIMBLE_READ_I32(bias + c) - in_zero * weight_sum;
      }
      const int8_t *w_row = filter + kx0 * in_c;
      int row = in0_top;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        const int8_t *a = in0 + (row + (left + kx0) * in0_pixel);
        for (const int8_t *w = w_row; w < w_row + taps; w += run) {
          sum += dot_i8(a, w, run);
          a += in0_pixel;
        }
        w_row += kernel_row;
        row = next_row;
        next_row += in0_row;
        if (next_row == ring_end) next_row = 0;
      }
      *pixel = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                         out_zero, act_min, act_max);
      pixel += out_pixel;
      left += stride_w;
    }
    filter += kernel_h * kernel_row;
  }
}
