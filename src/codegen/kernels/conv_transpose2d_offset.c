#include "thimble_kernel.h"
#include "window_offset.c"

// As conv_transpose2d_i8, of weights as conv2d_offset has them.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv_transpose2d_offset(
    int8_t *out, int out_pixel, const int8_t *in0, int in0_slots, int in0_row, int in0_pixel,
    int in0_top, int in0_second, int y, int x0, int x1, const uint8_t *weight, const uint8_t *ends,
    int out_zero, int act_min, int act_max, int in_h, int in_w, int in_c, int out_c, int kernel_h,
    int kernel_w, int stride_h, int stride_w, int pad_top, int pad_left) {
  const int last_row = (y + pad_top) / stride_h;
  const int phase_y = (y + pad_top) % stride_h;
  const int more_y = kernel_h % stride_h, more_x = kernel_w % stride_w;
  const int taps_y = kernel_h / stride_h + (phase_y < more_y ? 1 : 0);
  const int top = last_row + 1 - taps_y;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < taps_y ? in_h - top : taps_y;
  const int ky_before = phase_y * (kernel_h / stride_h) + (phase_y < more_y ? phase_y : more_y);
  const int8_t *rows[5];
  int next_row = in0_second;
  rows[0] = in0 + in0_top;
  for (int i = 1; i < ky1 - ky0; ++i) {
    rows[i] = in0 + next_row;
    next_row += in0_row;
    if (next_row == in0_slots * in0_row) next_row = 0;
  }
  int last_column = (x0 + pad_left) / stride_w;
  int phase_x = (x0 + pad_left) % stride_w;
  for (int columns = x1 - x0; columns > 0; --columns) {
    const int taps_x = kernel_w / stride_w + (phase_x < more_x ? 1 : 0);
    const int left = last_column + 1 - taps_x;
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < taps_x ? in_w - left : taps_x;
    const int kx_before = phase_x * (kernel_w / stride_w) + (phase_x < more_x ? phase_x : more_x);
    window_offset(out, rows, ky1 - ky0, (left + kx0) * in0_pixel, kx1 - kx0, in_c, in0_pixel - in_c,
                  weight, ky_before * kernel_w + taps_y * kx_before + ky0 * taps_x + kx0, taps_x,
                  kernel_h * kernel_w, ends, out_c, out_zero, act_min, act_max);
    out += out_pixel;
    ++phase_x;
    if (phase_x == stride_w) {
      phase_x = 0;
      ++last_column;
    }
  }
}
