#include "thimble_kernel.h"

THIMBLE_KERNEL void copy(thimble_element *out, int out_pixel, const thimble_element *row0,
                         int in0_pixel, int x0, int x1, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      out[c] = row0[c];
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
