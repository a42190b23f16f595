#include <string.h>

#include "pairs_i8.c"
#include "thimble_kernel.h"
#include "widen_columns_i8.c"

// As conv2d_pairs_i8, of a multiple of four outputs whose sums become int8 where they are made, by
// `ends` [output][bias, multiplier] (line_i8). A last pixel that is alone is the second of two
// whose first goes to `work`.
THIMBLE_KERNEL void conv2d_pairs_ends_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                         int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                         int32_t *work, int y, int x0, int x1,
                                         const int32_t *weight, const int32_t *ends, int in_zero,
                                         int32_t out_zero, int in_h, int in_w, int in_c, int out_c,
                                         int kernel_h, int kernel_w, int stride_h, int stride_w,
                                         int pad_top, int pad_left, int at_once) {
  const int top = y * stride_h - pad_top;
  const int fours = (kernel_h * in_c + 3) / 4;
  int8_t *const zeros = (int8_t *)(work + 2 * out_c);
  int16_t *const wide = (int16_t *)(zeros + (in_c + 3) / 4 * 4);
  memset(zeros, in_zero, (size_t)in_c);
  for (int x = x0; x < x1; x += at_once) {
    const int pixels = x1 - x < at_once ? x1 - x : at_once;
    const int half = pixels / 2;
    const int left = x * stride_w - pad_left;
    const int columns = ((pixels + 1) / 2 - 1) * stride_w + kernel_w;
    int first_row = in0_top;
    for (int ky = 0; ky < kernel_h; ++ky) {
      const int is_inside = top + ky >= 0 && top + ky < in_h;
      int row = 0;
      if (is_inside) {
        row = first_row;
        first_row = (top + ky + 1) % in0_slots * in0_row;
      }
      widen_columns_i8(wide, fours, ky * in_c, in_c, in0 + row, in0_pixel, left, half * stride_w,
                       columns, is_inside ? in_w : 0, zeros);
    }
    const int16_t *window = wide;
    for (int pair = 0; pair < half; ++pair) {
      pairs_i8(window, weight, kernel_w * fours, out_c, work, ends, out, out + half * out_pixel,
               out_zero);
      window += 8 * stride_w * fours;
      out += out_pixel;
    }
    out += half * out_pixel;
    if (half * 2 < pixels) {
      pairs_i8(window, weight, kernel_w * fours, out_c, work, ends, (int8_t *)work, out, out_zero);
      out += out_pixel;
    }
  }
}
