#include "first_window.c"
#include "larger_i8.c"
#include "thimble_kernel.h"

// As max_pool2d_fold, many channels at a time, and all pixels of a window before the next one's:
// each output is written when no pixel before its last is to be read.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void max_pool2d_fold_i8(int8_t *outs, int out_slots, int out_row, int out_pixel,
                                       const int8_t *row0, int in0_pixel, int y, int x0, int x1,
                                       int in_c, int out_h, int out_w, int kernel_h, int kernel_w,
                                       int stride_h, int stride_w, int pad_top, int pad_left) {
  const int first_x = first_window(x0 + pad_left, kernel_w, stride_w);
  int out_y = first_window(y + pad_top, kernel_h, stride_h);
  for (int top = out_y * stride_h - pad_top; out_y < out_h && top <= y; top += stride_h) {
    int8_t *out = outs + (out_y % out_slots * out_row + first_x * out_pixel);
    int left = first_x * stride_w - pad_left;
    for (int out_x = first_x; out_x < out_w && left < x1; ++out_x) {
      const int first = left < 0 ? 0 : left;
      const int from = first < x0 ? x0 : first;
      const int to = left + kernel_w < x1 ? left + kernel_w : x1;
      const int sets = (y == top || y == 0) && from == first;
      const int8_t *pixel = row0 + (from - x0) * in0_pixel;
      if (from < to) larger_i8(out, sets ? pixel : out, pixel, to - from, in0_pixel, in_c);
      out += out_pixel;
      left += stride_w;
    }
    ++out_y;
  }
}
