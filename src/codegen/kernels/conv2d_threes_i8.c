#include <string.h>

#include "gather_rows_i8.c"
#include "thimble_kernel.h"
#include "threes_i8.c"
#include "twos_i8.c"
#include "widen_three_i8.c"
#include "widen_two_i8.c"

// As conv2d_pairs_ends_i8, of windows that are widened each on its own, three or two neighbours at
// a time: single pixels, or, `gathered` in `work`, columns of all rows side by side.
THIMBLE_KERNEL void conv2d_threes_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                     int in0_row, int in0_pixel, int in0_top, int32_t *work, int y,
                                     int x0, int x1, const int32_t *weight, int in_zero,
                                     int32_t out_zero, int in_h, int in_w, int in_c, int out_c,
                                     int kernel_h, int kernel_w, int stride_h, int stride_w,
                                     int pad_top, int pad_left, int at_once, int gathered) {
  const int fours = (kernel_h * kernel_w * in_c + 3) / 4;
  int16_t *const wide = (int16_t *)work;
  for (int x = x0; x < x1;) {
    const int end = x1 - x < at_once ? x1 : x + at_once;
    const int8_t *window = in0 + (in0_top + x * stride_w * in0_pixel);
    int step = stride_w * in0_pixel;
    if (gathered) {
      const int top = y * stride_h - pad_top;
      const int left = x * stride_w - pad_left;
      const int right = left + (end - 1 - x) * stride_w + kernel_w;
      const int first = left < 0 ? 0 : left;
      const int pixels = (right < in_w ? right : in_w) - first;
      const int column = kernel_h * in_c;
      int8_t *const columns = (int8_t *)(wide + 12 * fours);
      int row = in0_top;
      window = columns;
      step = stride_w * column;
      memset(columns, in_zero, (size_t)((right - left) * column + 3));
      for (int ky = 0; ky < kernel_h; ++ky) {
        if (top + ky < 0 || top + ky >= in_h) continue;
        gather_rows_i8(columns + ((first - left) * column + ky * in_c), column,
                       in0 + (row + first * in0_pixel), in0_pixel, pixels, in_c);
        row = (top + ky + 1) % in0_slots * in0_row;
      }
    }
    while (x < end) {
      if (end - x == 3 || end - x > 4) {
        widen_three_i8(wide, window, window + step, window + 2 * step, fours);
        threes_i8(wide, weight, fours, out_c, out, out_pixel, out_zero);
        window += 3 * step;
        out += 3 * out_pixel;
        x += 3;
      } else {
        const int two = end - x > 1;
        widen_two_i8(wide, window, window + two * step, fours);
        twos_i8(wide, weight, fours, out_c, out, two * out_pixel, out_zero);
        window += 2 * step;
        out += 2 * out_pixel;
        x += 2;
      }
    }
  }
}
