#include "dot_i8.c"
#include "output_i8.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// Transposed convolution, weights [out][kernel row][kernel column][in], gathered: output (y, x)
// sums the taps (ky, kx) for which ((y + pad_top - ky) / stride_h, (x + pad_left - kx) / stride_w)
// is an input pixel. Those are every stride-th tap, from a first one that depends on the position
// modulo the stride, while the input's index falls by one: so the columns of one phase are made
// together, and no tap is visited in vain. The sums of weights are taken off as in conv2d_i8.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv_transpose2d_i8(
    int8_t *out, int out_pixel, const int8_t *in0, int in0_slots, int in0_row, int in0_pixel,
    int in0_top, int y, int x0, int x1, const int8_t *weight, const int32_t *bias,
    const int32_t *full_bias, const thimble_multiplier *multiplier, const int8_t *shift,
    int in_zero, int out_zero, int act_min, int act_max, int in_h, int in_w, int in_c, int out_c,
    int kernel_h, int kernel_w, int stride_h, int stride_w, int pad_top, int pad_left) {
  const int in_y = (y + pad_top) / stride_h;
  const int skip_y = in_y < in_h ? 0 : in_y - in_h + 1;  // taps below the input
  const int ky0 = (y + pad_top) % stride_h + skip_y * stride_h;
  const int ky_above = ky0 + (in_y - skip_y + 1) * stride_h;
  const int ky1 = ky_above < kernel_h ? ky_above : kernel_h;
  const int last_row = (in0_slots - 1) * in0_row;
  const int first_row = (in_y - skip_y) % in0_slots * in0_row;
  const int filter_row = stride_h * kernel_w * in_c;
  const int filter_step = stride_w * in_c;
  for (int phase = x0; phase < x1 && phase < x0 + stride_w; ++phase) {
    const int8_t *filter = weight + ky0 * kernel_w * in_c;
    for (int c = 0; c < out_c; ++c) {
      int8_t *pixel = out + (phase - x0) * out_pixel + c;
      int in_x = (phase + pad_left) / stride_w;
      const int kx_first = (phase + pad_left) % stride_w;
      for (int x = phase; x < x1; x += stride_w) {
        const int skip_x = in_x < in_w ? 0 : in_x - in_w + 1;  // taps right of the input
        const int kx0 = kx_first + skip_x * stride_w;
        const int kx_left = kx0 + (in_x - skip_x + 1) * stride_w;
        const int kx1 = kx_left < kernel_w ? kx_left : kernel_w;
        const int taps = (kx1 - kx0) * in_c;
        int32_t sum;
        if (skip_y == 0 && skip_x == 0 && ky1 == kernel_h && kx1 == kernel_w) {
          sum = THIMBLE_READ_I32(full_bias + (ky0 * stride_w + kx0) * out_c + c);
        } else {
          const int8_t *w_row = filter + kx0 * in_c;
          int32_t weight_sum = 0;
          for (int ky = ky0; ky < ky1; ky += stride_h) {
            weight_sum += sum_i8(w_row, filter_step, w_row + taps, in_c);
            w_row += filter_row;
          }
          sum = THIMBLE_READ_I32(bias + c) - in_zero * weight_sum;
        }
        const int8_t *w_row = filter + kx0 * in_c;
        const int column = (in_x - skip_x) * in0_pixel;
        int row = first_row;
        for (int ky = ky0; ky < ky1; ky += stride_h) {
          const int at = ky + stride_h < ky1 ? row : in0_top;
          const int8_t *a = in0 + (at + column);
          for (const int8_t *w = w_row; w < w_row + taps; w += filter_step) {
            sum += dot_i8(a, w, in_c);
            a -= in0_pixel;
          }
          w_row += filter_row;
          row = row == 0 ? last_row : row - in0_row;
        }
        *pixel = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                           out_zero, act_min, act_max);
        pixel += stride_w * out_pixel;
        ++in_x;
      }
      filter += kernel_h * kernel_w * in_c;
    }
  }
}
