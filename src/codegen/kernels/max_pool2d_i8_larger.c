#include "end_tap.c"
#include "first_tap.c"
#include "larger_i8.c"
#include "thimble_kernel.h"

// As max_pool2d, many channels at a time: those of all rows of a window but the last are compared
// apart, so that an output may lie over what is read for it.
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void max_pool2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                  int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                                  int in_h, int in_w, int in_c, int kernel_h, int kernel_w,
                                  int stride_h, int stride_w, int pad_top, int pad_left,
                                  int dilation_h, int dilation_w) {
  const int top = y * stride_h - pad_top;
  const int ky0 = first_tap(top, dilation_h);
  const int ky1 = end_tap(top, in_h, kernel_h, dilation_h);
  // Only where taps are neighbours is the first one in the window's first row.
  const int at_first = (top + ky0 * dilation_h) % in0_slots * in0_row;
  const int first_row = dilation_h == 1 ? in0_top : at_first;
  const int second_row = (top + (ky0 + 1) * dilation_h) % in0_slots * in0_row;
  const int row_step = dilation_h % in0_slots * in0_row;
  const int ring_end = in0_slots * in0_row;
  int left = x0 * stride_w - pad_left;
  for (int x = x0; x < x1; ++x) {
    const int kx0 = first_tap(left, dilation_w);
    const int kx1 = end_tap(left, in_w, kernel_w, dilation_w);
    const int column = (left + kx0 * dilation_w) * in0_pixel;
    for (int c = 0; c < in_c; c += 16) {
      const int channels = in_c - c < 16 ? in_c - c : 16;
      int8_t most[16];
      const int8_t *so_far = in0 + (first_row + column + c);
      int row = first_row;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        larger_i8(ky + 1 < ky1 ? most : out + c, so_far, in0 + (row + column + c), kx1 - kx0,
                  dilation_w * in0_pixel, channels);
        so_far = most;
        row = next_row;
        next_row += row_step;
        if (next_row >= ring_end) next_row -= ring_end;
      }
    }
    out += out_pixel;
    left += stride_w;
  }
}
