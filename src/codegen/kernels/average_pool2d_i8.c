#include "counted_taps.c"
#include "end_tap.c"
#include "first_tap.c"
#include "thimble_kernel.h"

// Sum of each window over its number of taps, or over `divisor` where that is above 0; halves are
// rounded away from zero. Of the padding, counted_* positions on each side count as in_zero.
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void average_pool2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                      int in0_row, int in0_pixel, int in0_top, int y, int x0,
                                      int x1, int in_h, int in_w, int in_c, int kernel_h,
                                      int kernel_w, int stride_h, int stride_w, int pad_top,
                                      int pad_left, int dilation_h, int dilation_w, int counted_top,
                                      int counted_left, int counted_bottom, int counted_right,
                                      int divisor, int in_zero) {
  const int top = y * stride_h - pad_top;
  const int ky0 = first_tap(top, dilation_h);
  const int ky1 = end_tap(top, in_h, kernel_h, dilation_h);
  // Only where taps are neighbours is the first one in the window's first row.
  const int at_first = (top + ky0 * dilation_h) % in0_slots * in0_row;
  const int first_row = dilation_h == 1 ? in0_top : at_first;
  const int second_row = (top + (ky0 + 1) * dilation_h) % in0_slots * in0_row;
  const int row_step = dilation_h % in0_slots * in0_row;
  const int ring_end = in0_slots * in0_row;
  const int count_h = counted_taps(top, in_h, kernel_h, dilation_h, counted_top, counted_bottom);
  int left = x0 * stride_w - pad_left;
  for (int x = x0; x < x1; ++x) {
    const int kx0 = first_tap(left, dilation_w);
    const int kx1 = end_tap(left, in_w, kernel_w, dilation_w);
    const int column = (left + kx0 * dilation_w) * in0_pixel;
    const int count_w = counted_taps(left, in_w, kernel_w, dilation_w, counted_left, counted_right);
    const int count = divisor > 0 ? divisor : count_h * count_w;
    const int outside = count - (ky1 - ky0) * (kx1 - kx0);
    const int32_t padding = (int32_t)outside * in_zero;
    for (int c = 0; c < in_c; ++c) {
      int row = first_row;
      int next_row = second_row;
      int32_t sum = padding;
      for (int ky = ky0; ky < ky1; ++ky) {
        const int8_t *a = in0 + (row + column + c);
        for (int kx = kx0; kx < kx1; ++kx) {
          sum += *a;
          a += dilation_w * in0_pixel;
        }
        row = next_row;
        next_row += row_step;
        if (next_row >= ring_end) next_row -= ring_end;
      }
      sum = (sum + (sum < 0 ? -(count / 2) : count / 2)) / count;
      out[c] = (int8_t)(sum < -128 ? -128 : sum > 127 ? 127 : sum);
    }
    out += out_pixel;
    left += stride_w;
  }
}
