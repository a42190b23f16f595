#include <string.h>

#include "column_dots_i8.c"
#include "fill_run_i8.c"
#include "interleave_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Convolution of each input channel on its own by up to three times four weights [out][kernel
// row][kernel column], sixteen channels and `columns` outputs at a time: in `work` the rows of
// their windows are interleaved (interleave_i8), behind them are the sums [columns][channel].
// Outside the input is its zero point: its share of a sum is taken off in `full_bias`.
// specialise: stride_w
THIMBLE_KERNEL void depthwise2d_windows_i8(
    int8_t *out, int out_pixel, const int8_t *in0, int in0_slots, int in0_row, int in0_pixel,
    int in0_top, int32_t *work, int y, int x0, int x1, const int8_t *weight,
    const int32_t *full_bias, const thimble_multiplier *multiplier, const int8_t *shift,
    const uint8_t *taps, int in_zero, int out_zero, int act_min, int act_max, int in_h, int in_w,
    int out_c, int kernel_h, int kernel_w, int stride_h, int stride_w, int pad_top, int pad_left,
    int columns) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int window = kernel_h * kernel_w;
  int32_t *const sums = work + 16 * ((columns - 1) * stride_w + kernel_w);
  int8_t zeros[16];
  memset(zeros, in_zero, sizeof zeros);
  for (int x = x0; x < x1; x += columns) {
    const int pixels = x1 - x < columns ? x1 - x : columns;
    const int left = x * stride_w - pad_left;
    const int right = left + (pixels - 1) * stride_w + kernel_w;
    int begin = left < 0 ? 0 : left;
    if (begin > right) begin = right;
    int end = right < in_w ? right : in_w;
    if (end < begin) end = begin;
    const int8_t *rows[3] = {zeros, zeros, zeros};
    int steps[3] = {0, 0, 0};
    for (int ky = ky0; ky < kernel_h && top + ky < in_h; ++ky) {
      const int row = ky == ky0 ? in0_top : (top + ky) % in0_slots * in0_row;
      rows[ky] = in0 + (row + begin * in0_pixel);
      steps[ky] = in0_pixel;
    }
    const int8_t *w = weight;
    for (int c = 0; c < out_c; c += 16) {
      const int channels = out_c - c < 16 ? out_c - c : 16;
      int8_t *to = (int8_t *)work;
      if (begin > left) to = fill_run_i8(to, in_zero, 64 * (begin - left));
      if (end > begin) interleave_i8(to, rows, steps, end - begin, channels);
      if (right > end) fill_run_i8(to + 64 * (end - begin), in_zero, 64 * (right - end));
      for (int k = 0; k < channels; k += 4) {
        column_dots_i8((const int8_t *)work + 4 * k, 64 * stride_w, w, taps, window, pixels,
                       sums + k);
        w += 4 * window;
      }
      for (int pixel = 0; pixel < pixels; ++pixel) {
        outputs_i8(out + (pixel * out_pixel + c), sums + 16 * pixel, channels, full_bias + c,
                   multiplier + c, shift + c, out_zero, act_min, act_max);
      }
      for (int k = 0; k < 3; ++k) rows[k] += steps[k] > 0 ? 16 : 0;
    }
    out += pixels * out_pixel;
  }
}
