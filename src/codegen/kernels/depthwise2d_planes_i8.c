#include <string.h>

#include "outputs_i8.c"
#include "spread9_i8.c"
#include "thimble_kernel.h"
#include "window9_apart_i8.c"
#include "window9_i8.c"

// Convolution of each input channel on its own by three times three weights [out][3][3], stride_w 1
// or 2, four channels at a time: in `work` their values less the zero point are halfwords [column]
// [channel][row] (spread9_i8), behind the sums of eight channels [column][channel]. Outside the
// input they are zero.
// specialise: stride_w
THIMBLE_KERNEL void depthwise2d_planes_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                          int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                          int32_t *work, int y, int x0, int x1,
                                          const int8_t *weight, const int32_t *bias,
                                          const thimble_multiplier *multiplier, const int8_t *shift,
                                          int in_zero, int out_zero, int act_min, int act_max,
                                          int in_h, int in_w, int out_c, int stride_h, int stride_w,
                                          int pad_top, int pad_left) {
  const int pixels = stride_w == 1 ? (x1 - x0 + 2) / 3 * 3 : x1 - x0;
  const int columns = (pixels - 1) * stride_w + 3;
  int16_t *const planes = (int16_t *)(work + 8 * pixels);
  const int left = x0 * stride_w - pad_left;
  const int begin = left < 0 ? 0 : left;
  const int end = left + columns < in_w ? left + columns : in_w;
  int16_t *const inside = planes + 16 * (begin - left);
  const int top = y * stride_h - pad_top;
  int rows[3];
  int row = in0_top;
  for (int ky = 0; ky < 3; ++ky) {
    const int is_inside = top + ky >= 0 && top + ky < in_h;
    /* Outside, any row: it is cleared. */
    rows[ky] = row + begin * in0_pixel;
    if (is_inside) row = (top + ky + 1) % in0_slots * in0_row;
  }
  memset(planes, 0, 16 * (size_t)columns * sizeof *planes);
  for (int c = 0; c < out_c; c += 8) {
    const int outputs = out_c - c < 8 ? out_c - c : 8;
    for (int k = 0; k < outputs; k += 4) {
      const int8_t *const first = in0 + c + k;
      spread9_i8(inside, first + rows[0], first + rows[1], first + rows[2], in0_pixel, end - begin,
                 in_zero);
      for (int ky = 0; ky < 3; ++ky) {
        if (top + ky >= 0 && top + ky < in_h) continue;
        for (int i = 0; i < 4 * (end - begin); ++i) inside[4 * i + ky] = 0;
      }
      if (stride_w == 1) {
        window9_i8(planes, weight, pixels / 3, work + k);
      } else {
        window9_apart_i8(planes, weight, pixels, work + k);
      }
      weight += 36;
    }
    int8_t *pixel = out + c;
    const int32_t *sums = work;
    for (int x = x0; x < x1; ++x) {
      outputs_i8(pixel, sums, outputs, bias + c, multiplier + c, shift + c, out_zero, act_min,
                 act_max);
      pixel += out_pixel;
      sums += 8;
    }
  }
}
