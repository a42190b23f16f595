#include <string.h>

#include "outputs_i8.c"
#include "pairs_i8.c"
#include "pairs_odd_i8.c"
#include "thimble_kernel.h"
#include "widen_columns_i8.c"

// Convolution of two pixels at a time, four outputs at a time, weights in pairs [4 outputs][kernel
// column][4 of its inputs, and nothing behind the last][even, odd][2 outputs][2 inputs] (pairs_i8).
//
// Of `at_once` pixels the first half and the second are made together: their windows' columns are
// written to `work` as halfwords, behind the sums [2 pixels][output] and a pixel of zero points.
// That stands where they lie outside the input: its share of a sum is taken off in `full_bias`. So
// windows share what they overlap in. `odd`: whether rows have a pixel more than two halves: it is
// worth a function.
THIMBLE_KERNEL void conv2d_pairs_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                    int in0_row, int in0_pixel, int in0_top, int32_t *work, int y,
                                    int x0, int x1, const int32_t *weight, const int32_t *full_bias,
                                    const thimble_multiplier *multiplier, const int8_t *shift,
                                    int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                    int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                    int stride_h, int stride_w, int pad_top, int pad_left,
                                    int at_once, int odd) {
  const int top = y * stride_h - pad_top;
  const int fours = (kernel_h * in_c + 3) / 4;
  const int outputs = (out_c + 3) / 4 * 4;
  int8_t *const zeros = (int8_t *)(work + 2 * outputs);
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
      pairs_i8(window, weight, kernel_w * fours, outputs, work, 0, 0, 0, 0);
      outputs_i8(out, work, out_c, full_bias, multiplier, shift, out_zero, act_min, act_max);
      outputs_i8(out + half * out_pixel, work + outputs, out_c, full_bias, multiplier, shift,
                 out_zero, act_min, act_max);
      window += 8 * stride_w * fours;
      out += out_pixel;
    }
    out += half * out_pixel;
    if (half * 2 < pixels) {
      int32_t *sums = work;
      if (odd) {
        pairs_odd_i8(window + 2, weight, kernel_w * fours, outputs, sums);
      } else {
        pairs_i8(window, weight, kernel_w * fours, outputs, sums, 0, 0, 0, 0);
        sums += outputs;
      }
      outputs_i8(out, sums, out_c, full_bias, multiplier, shift, out_zero, act_min, act_max);
      out += out_pixel;
    }
  }
}
