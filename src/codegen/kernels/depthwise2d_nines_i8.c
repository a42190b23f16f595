#include "nines_i8.c"
#include "thimble_kernel.h"

// Convolution of each input channel on its own by three times three weights, stride_w 1 or 2, four
// channels at a time. Of a channel there are five words (ops/nines.h).
THIMBLE_KERNEL void depthwise2d_nines_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                         int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                         int32_t *work, int y, int x0, int x1,
                                         const int32_t *weight, int in_zero, int32_t out_zero,
                                         int in_h, int in_w, int out_c, int stride_h, int stride_w,
                                         int pad_top, int pad_left) {
  const int left = x0 * stride_w - pad_left;
  const int columns = (x1 - x0 - 1) * stride_w + 3;
  const int begin = left < 0 ? 0 : left;
  const int end = left + columns < in_w ? left + columns : in_w;
  const int top = y * stride_h - pad_top;
  const int8_t *rows[3];
  const int8_t *const first = in0 + begin * in0_pixel;
  int row = in0_top;
  for (int ky = 0; ky < 3; ++ky) {
    const int is_inside = top + ky >= 0 && top + ky < in_h;
    rows[ky] = is_inside ? first + row : 0;
    if (is_inside) row = (top + ky + 1) % in0_slots * in0_row;
  }
  nines_i8(out, out_pixel, x1 - x0, stride_w, rows[0], rows[1], rows[2], in0_pixel, begin - left,
           end - begin, work, weight, out_c, in_zero, out_zero);
}
