#include "thimble_kernel.h"

// Each input pixel becomes scale_h x scale_w output pixels.
THIMBLE_KERNEL void resize_nearest(thimble_element *out, int out_pixel, const thimble_element *in0,
                                   int in0_slots, int in0_row, int in0_pixel, int y, int x0, int x1,
                                   int in_c, int scale_h, int scale_w) {
  const thimble_element *a = in0 + y / scale_h % in0_slots * in0_row + x0 / scale_w * in0_pixel;
  int repeats = scale_w - x0 % scale_w;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      out[c] = a[c];
    }
    out += out_pixel;
    if (--repeats == 0) {
      repeats = scale_w;
      a += in0_pixel;
    }
  }
}
