#include "thimble_kernel.h"

// Largest element of each window, channel by channel; what lies outside the input does not count.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void max_pool2d_f32(float *out, int out_pixel, const float *in0, int in0_slots,
                                   int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                                   int in_h, int in_w, int in_c, int kernel_h, int kernel_w,
                                   int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int ring_end = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  int left = x0 * stride_w - pad_left;
  for (int x = x0; x < x1; ++x) {
    const int first = left < 0 ? 0 : left;
    const int last = left + kernel_w < in_w ? left + kernel_w - 1 : in_w - 1;
    for (int c = 0; c < in_c; ++c) {
      int row = in0_top;
      int next_row = second_row;
      float most = in0[row + first * in0_pixel + c];
      for (int ky = ky0; ky < ky1; ++ky) {
        const float *a = in0 + (row + first * in0_pixel + c);
        for (int column = first; column <= last; ++column) {
          if (*a > most) most = *a;
          a += in0_pixel;
        }
        row = next_row;
        next_row += in0_row;
        if (next_row == ring_end) next_row = 0;
      }
      out[c] = most;
    }
    out += out_pixel;
    left += stride_w;
  }
}
