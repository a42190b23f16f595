#include "first_window.c"
#include "thimble_kernel.h"

// Largest element of each window so far, in the output's own rows: pixels [x0, x1) of input row y
// are folded into those of all windows they lie in; the first pixel of a window sets it. That one
// comes last: until then the input may lie where the output is set.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void max_pool2d_fold(thimble_element *outs, int out_slots, int out_row,
                                    int out_pixel, const thimble_element *row0, int in0_pixel,
                                    int y, int x0, int x1, int in_c, int out_h, int out_w,
                                    int kernel_h, int kernel_w, int stride_h, int stride_w,
                                    int pad_top, int pad_left) {
  const int first_y = first_window(y + pad_top, kernel_h, stride_h);
  for (int x = x0; x < x1; ++x) {
    const int first_x = first_window(x + pad_left, kernel_w, stride_w);
    int top = first_y * stride_h - pad_top;
    for (int out_y = first_y; out_y < out_h && top <= y; ++out_y) {
      int left = first_x * stride_w - pad_left;
      thimble_element *out = outs + (out_y % out_slots * out_row + first_x * out_pixel);
      for (int out_x = first_x; out_x < out_w && left <= x; ++out_x) {
        const int sets = (y == top || y == 0) && (x == left || x == 0);
        for (int c = 0; c < in_c; ++c)
          if (sets || row0[c] > out[c]) out[c] = row0[c];
        out += out_pixel;
        left += stride_w;
      }
      top += stride_h;
    }
    row0 += in0_pixel;
  }
}
