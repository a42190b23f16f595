#include "dot_packed.c"
#include "output_i8.c"
#include "outside_packed.c"
#include "sum_window_i8.c"
#include "thimble_kernel.h"

// As conv2d_i8, of weights w_low + w_step * level: codes [out / lanes][kernel row][kernel column]
// [in] hold the levels of neighbouring output channels, THIMBLE_LANES a byte; one dot product makes
// THIMBLE_OUTPUTS sums. The sum of w * a is w_step times the sum of level * a, and w_low times the
// sum of all a, which is made once a window.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_packed(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                  int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                                  const uint8_t *weight, const int32_t *full_bias,
                                  const thimble_multiplier *multiplier, const int8_t *shift,
                                  int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                  int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                  int stride_h, int stride_w, int pad_top, int pad_left, int w_low,
                                  int w_step) {
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
    const uint8_t *inside = weight + before;
    // The lowest level's share, the same of all channels.
    const int outside = kernel_h * kernel_row - rows * taps;
    const int32_t low = w_low == 0
                            ? 0
                            : w_low * (sum_window_i8(in0, column, in0_top, second_row, in0_row,
                                                     ring, rows, taps, run, in0_pixel) +
                                       (int32_t)outside * in_zero);
    for (int c = 0; c < out_c; c += THIMBLE_OUTPUTS) {
      int32_t sums[THIMBLE_OUTPUTS] = {0};
      const int pitch = c + THIMBLE_LANES < out_c ? kernel_h * kernel_row : 0;
      if (!is_inside) {
        const uint8_t *const filter = inside - before;
        outside_packed(filter, filter + kernel_h * kernel_row, inside, pitch, taps, kernel_row,
                       rows, in_zero, sums);
      }
      const uint8_t *w = inside;
      int row = in0_top;
      int next_row = second_row;
      for (int ky = 0; ky < rows; ++ky) {
        const int8_t *a = in0 + (row + column);
        const uint8_t *const w_end = w + taps;
        const uint8_t *w_tap = w;
        do {
          dot_packed(a, w_tap, pitch, run, sums);
          w_tap += run;
          a += in0_pixel;
        } while (w_tap != w_end);
        w += kernel_row;
        row = next_row;
        next_row += in0_row;
        if (next_row == ring) next_row = 0;
      }
      for (int lane = 0; lane < THIMBLE_OUTPUTS && c + lane < out_c; ++lane) {
        *out = output_i8(THIMBLE_READ_I32(full_bias + c + lane) + low + w_step * sums[lane],
                         THIMBLE_READ_MULTIPLIER(multiplier + c + lane),
                         THIMBLE_READ_I8(shift + c + lane), out_zero, act_min, act_max);
        ++out;
      }
      inside += THIMBLE_OUTPUTS / THIMBLE_LANES * (kernel_h * kernel_row);
    }
    out += out_pixel - out_c;
  }
}
