#include "fours_i8.c"
#include "thimble_kernel.h"

// Convolution of each input channel on its own by three times three weights, four channels at a
// time, values read where they are (fours_i8). A window reaches out of the input by one row or
// column at most. Of four channels there are 17 words (ops/fours.h).
THIMBLE_KERNEL void depthwise2d_fours_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                         int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                         int y, int x0, int x1, const int32_t *weight, int in_zero,
                                         int32_t out_zero, int in_h, int in_w, int out_c,
                                         int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const uint32_t outside =
      (top < 0 ? (uint32_t)1 << 30 : 0) | (top + 3 > in_h ? (uint32_t)1 << 28 : 0);
  int left = x0 * stride_w - pad_left;
  int rows[3];
  rows[0] = in0_top;
  rows[1] = top < 0 ? in0_top : (top + 1) % in0_slots * in0_row;
  rows[2] = (top + 2) % in0_slots * in0_row;
  for (int x = x0; x < x1; ++x) {
    const int8_t *const window = in0 + left * in0_pixel;
    fours_i8(
        out, window + rows[0], window + rows[1], window + rows[2], in0_pixel,
        outside | (left < 0 ? (uint32_t)1 << 31 : 0) | (left + 3 > in_w ? (uint32_t)1 << 29 : 0),
        out_c, weight, in_zero, out_zero);
    out += out_pixel;
    left += stride_w;
  }
}
