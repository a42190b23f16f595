#include "outputs_i8.c"
#include "pairs_i8.c"
#include "thimble_kernel.h"
#include "widen_run_i8.c"

// Convolution of two pixels at a time, four outputs at a time, weights in pairs [4 outputs][kernel
// row][4 of its inputs, and nothing behind the last][even, odd][2 outputs][2 inputs] (pairs_i8).
//
// Both windows are written to `work` as halfwords, with the input's zero point where they lie
// outside the input: its share of a sum is taken off in `full_bias`.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_pairs_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                    int in0_row, int in0_pixel, int in0_top, int16_t *work, int y,
                                    int x0, int x1, const int32_t *weight, const int32_t *full_bias,
                                    const thimble_multiplier *multiplier, const int8_t *shift,
                                    int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                    int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                    int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int8_t zero = (int8_t)in_zero;
  const int8_t *const in0_first = in0 + in0_top;
  const int fours = (kernel_w * in_c + 3) / 4;
  const int ky0 = top < 0 ? -top : 0;
  int pixels;
  for (int x = x0; x < x1; x += pixels) {
    pixels = x1 - x < 2 ? 1 : 2;
    for (int p = 0; p < pixels; ++p) {
      const int left = (x + p) * stride_w - pad_left;
      const int kx0 = left < 0 ? -left : 0;
      const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
      for (int ky = 0; ky < kernel_h; ++ky) {
        int16_t *const wide = work + 2 * p + ky * 8 * fours;
        const int row = top + ky;
        if (row < 0 || row >= in_h || kx0 >= kx1) {
          widen_run_i8(wide, 0, &zero, 0, kernel_w * in_c);
          continue;
        }
        const int8_t *a = ky == ky0 ? in0_first : in0 + row % in0_slots * in0_row;
        a += (left + kx0) * in0_pixel;
        int at = widen_run_i8(wide, 0, &zero, 0, kx0 * in_c);
        if (in0_pixel == in_c) {
          at = widen_run_i8(wide, at, a, 1, (kx1 - kx0) * in_c);
        } else {
          for (int kx = kx0; kx < kx1; ++kx) {
            at = widen_run_i8(wide, at, a, 1, in_c);
            a += in0_pixel;
          }
        }
        widen_run_i8(wide, at, &zero, 0, kernel_w * in_c - at);
      }
    }
    const int32_t *w = weight;
    for (int c = 0; c < out_c; c += 4) {
      const int outputs = out_c - c < 4 ? out_c - c : 4;
      int32_t sums[8];
      pairs_i8(work, w, kernel_h * fours, sums);
      w += 4 * kernel_h * fours;
      for (int p = 0; p < pixels; ++p) {
        outputs_i8(out + p * out_pixel + c, sums + 4 * p, outputs, full_bias + c, multiplier + c,
                   shift + c, out_zero, act_min, act_max);
      }
    }
    out += pixels * out_pixel;
  }
}
