#include <string.h>

#include "outputs_i8.c"
#include "spread_i8.c"
#include "thimble_kernel.h"
#include "window9_apart_i8.c"
#include "window9_i8.c"

// Convolution of each input channel on its own by three times three weights [out][3][3], stride_w 1
// or 2, four channels at a time: in `work` their values less the zero point are planes of
// halfwords [channel][3 rows][columns], behind the sums [columns][channel]. Outside the input they
// are zero.
// specialise: stride_w
THIMBLE_KERNEL void depthwise2d_planes_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                          int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                          int32_t *work, int y, int x0, int x1,
                                          const int8_t *weight, const int32_t *bias,
                                          const thimble_multiplier *multiplier, const int8_t *shift,
                                          int in_zero, int out_zero, int act_min, int act_max,
                                          int in_h, int in_w, int out_c, int stride_h, int stride_w,
                                          int pad_top, int pad_left) {
  const int pairs = (x1 - x0 + 1) / 2;
  const int pitch = 2 * pairs * stride_w + 2;
  int16_t *const planes = (int16_t *)(work + 8 * pairs);
  const int left = x0 * stride_w - pad_left;
  const int right = (x1 - 1) * stride_w - pad_left + 3;
  const int begin = left < 0 ? 0 : left;
  const int pixels = (right < in_w ? right : in_w) - begin;
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < 3 ? in_h - top : 3;
  const int8_t *const first = in0 + begin * in0_pixel;
  memset(planes, 0, 12 * (size_t)pitch * sizeof *planes);
  for (int c = 0; c < out_c; c += 4) {
    for (int ky = ky0; ky < ky1; ++ky) {
      const int row = ky == ky0 ? in0_top : (top + ky) % in0_slots * in0_row;
      spread_i8(planes + (ky * pitch + begin - left), 3 * pitch, first + row + c, in0_pixel, pixels,
                in_zero);
    }
    for (int k = 0; k < 4; ++k) {
      const int16_t *const plane = planes + 3 * k * pitch;
      if (stride_w == 1) {
        window9_i8(plane, pitch, weight, pairs, work + k);
      } else {
        window9_apart_i8(plane, pitch, weight, pairs, work + k);
      }
      weight += 9;
    }
    int8_t *pixel = out + c;
    const int32_t *sums = work;
    for (int x = x0; x < x1; ++x) {
      outputs_i8(pixel, sums, 4, bias + c, multiplier + c, shift + c, out_zero, act_min, act_max);
      pixel += out_pixel;
      sums += 4;
    }
  }
}
