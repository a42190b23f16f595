#include "dot_i8.c"
#include "output_i8.c"
#include "sum_outside_i8.c"
#include "thimble_kernel.h"

// Convolution, weights [out][kernel row][kernel column][in].
//
// The sum of w * (a - in_zero) is the sum of w * a less in_zero times the sum of w: a constant,
// taken off in `full_bias`, as long as all of the window lies inside the input. At a border the
// weights outside are given back. A kernel row's taps are neighbours in memory where the input's
// pixels are.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                              int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int in_zero, int out_zero, int act_min, int act_max, int in_h,
                              int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                              int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int ring = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  const int kernel_row = kernel_w * in_c;
  const int left_end = x1 * stride_w - pad_left;
  for (int left = x0 * stride_w - pad_left; left < left_end; left += stride_w) {
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    const int taps = (kx1 - kx0) * in_c;
    const int rows = taps > 0 ? ky1 - ky0 : 0;
    const int run = in0_pixel == in_c ? taps : in_c;
    const int is_inside = rows == kernel_h && taps == kernel_row;
    const int column = (left + kx0) * in0_pixel;
    const int before = ky0 * kernel_row + kx0 * in_c;
    const int8_t *inside = weight + before;
    for (int c = 0; c < out_c; ++c) {
      int32_t sum = THIMBLE_READ_I32(full_bias + c);
      if (!is_inside) {
        const int8_t *const filter = inside - before;
        sum += in_zero * sum_outside_i8(filter, filter + kernel_h * kernel_row, inside, taps,
                                        kernel_row, rows);
      }
      const int8_t *w = inside;
      int row = in0_top;
      int next_row = second_row;
      for (int ky = 0; ky < rows; ++ky) {
        const int8_t *a = in0 + (row + column);
        const int8_t *const w_end = w + taps;
        const int8_t *w_tap = w;
        do {
          sum += dot_i8(a, w_tap, run);
          w_tap += run;
          a += in0_pixel;
        } while (w_tap != w_end);
        w += kernel_row;
        row = next_row;
        next_row += in0_row;
        if (next_row == ring) next_row = 0;
      }
      *out = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                       out_zero, act_min, act_max);
      ++out;
      inside += kernel_h * kernel_row;
    }
    out += out_pixel - out_c;
  }
}
