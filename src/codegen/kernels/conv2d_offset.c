#include "thimble_kernel.h"
#include "window_offset.c"

// As conv2d_i8, of weights that take a + 128 for an input a (ops/offset_weights.h). No tap outside
// of the input is there to be given back: its value would be the zero point, -128.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_offset(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                  int in0_row, int in0_pixel, int in0_top, int in0_second, int y,
                                  int x0, int x1, const uint8_t *weight, const uint8_t *ends,
                                  int out_zero, int act_min, int act_max, int in_h, int in_w,
                                  int in_c, int out_c, int kernel_h, int kernel_w, int stride_h,
                                  int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int8_t *rows[5];
  int next_row = in0_second;
  rows[0] = in0 + in0_top;
  for (int i = 1; i < ky1 - ky0; ++i) {
    rows[i] = in0 + next_row;
    next_row += in0_row;
    if (next_row == in0_slots * in0_row) next_row = 0;
  }
  const int left_end = x1 * stride_w - pad_left;
  for (int left = x0 * stride_w - pad_left; left < left_end; left += stride_w) {
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    window_offset(out, rows, ky1 - ky0, (left + kx0) * in0_pixel, kx1 - kx0, in_c, in0_pixel - in_c,
                  weight, ky0 * kernel_w + kx0, kernel_w, kernel_h * kernel_w, ends, out_c,
                  out_zero, act_min, act_max);
    out += out_pixel;
  }
}
