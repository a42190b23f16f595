#include "nines_apart_i8.c"
#include "nines_i8.c"
#include "spread_pairs_i8.c"
#include "thimble_kernel.h"

// Convolution of each input channel on its own by three times three weights, stride_w 1 or 2, four
// channels at a time: in `work` 256 times their values are halfwords, two columns side by side
// (spread_pairs_i8). Outside the input they are the zero point's. Of a channel there are five words
// (ops/nines.h).
// specialise: stride_w
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
  const int odd = (begin - left) % 2;
  const int pairs = (columns + odd + 1) / 2, inside_pairs = (end - begin + 1) / 2;
  int16_t *const planes = (int16_t *)work;
  int16_t *const inside = planes + 24 * ((begin - left + odd) / 2);
  const int top = y * stride_h - pad_top;
  int rows[3];
  int row = in0_top;
  for (int ky = 0; ky < 3; ++ky) {
    const int is_inside = top + ky >= 0 && top + ky < in_h;
    /* Outside, any row: it is overwritten. */
    rows[ky] = row + begin * in0_pixel;
    if (is_inside) row = (top + ky + 1) % in0_slots * in0_row;
  }
  const int16_t zero = (int16_t)(in_zero * 256);
  int16_t *beside = planes;
  while (beside != planes + 24 * pairs) {
    if (beside == inside) {
      beside += 24 * inside_pairs;
    } else {
      for (int i = 0; i < 24; ++i) *beside++ = zero;
    }
  }
  for (int c = 0; c < out_c; c += 4) {
    const int8_t *const first = in0 + c;
    spread_pairs_i8(inside, first + rows[0], first + rows[1], first + rows[2], in0_pixel,
                    end - begin, in_zero);
    for (int ky = 0; ky < 3; ++ky) {
      if (top + ky >= 0 && top + ky < in_h) continue;
      int16_t *value = inside + (ky < 2 ? ky : 4);
      for (int i = 0; i < 4 * inside_pairs; ++i) {
        value[0] = value[ky < 2 ? 2 : 1] = zero;
        value += 6;
      }
    }
    if (stride_w == 1) {
      nines_i8(out + c, out_pixel, x1 - x0, planes, odd, weight, out_zero);
    } else {
      nines_apart_i8(out + c, out_pixel, x1 - x0, planes, odd, weight, out_zero);
    }
    weight += 20;
  }
}
