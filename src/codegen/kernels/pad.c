#include "pad_index.c"
#include "thimble_kernel.h"

// specialise: mode
THIMBLE_KERNEL void pad(thimble_element *out, int out_pixel, const thimble_element *in0,
                        int in0_slots, int in0_row, int in0_pixel, int y, int x0, int x1, int in_h,
                        int in_w, int in_c, int out_c, int top, int left, int front, int mode,
                        thimble_element value) {
  const int row = pad_index(y - top, in_h, mode);
  for (int x = x0; x < x1; ++x) {
    const int col = row < 0 ? -1 : pad_index(x - left, in_w, mode);
    for (int c = 0; c < out_c; ++c) {
      const int channel = col < 0 ? -1 : pad_index(c - front, in_c, mode);
      out[c] = channel < 0 ? value : in0[row % in0_slots * in0_row + col * in0_pixel + channel];
    }
    out += out_pixel;
  }
}
