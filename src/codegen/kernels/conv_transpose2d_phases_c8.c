#include "thimble_kernel.h"
#include "window_phases_c8.c"

// As conv_transpose2d_c8, of whole rows whose pixels lie side by side, as those of the input do:
// `stride_w` pixels at once (ops/column_phases.h).
// specialise: kernel_h stride_h stride_w window_w in_w out_c
THIMBLE_KERNEL void conv_transpose2d_phases_c8(
    int8_t *out, const int8_t *in0, int in0_slots, int in0_row, int in0_top, int in0_second, int y,
    int x1, const uint16_t *weight, const uint16_t *tap_words, const uint8_t *ends, int out_zero,
    int act_min, int act_max, int in_h, int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
    int stride_h, int stride_w, int pad_top, int pad_left, int window_w, int first_column) {
  const int last_row = (y + pad_top) / stride_h;
  const int phase_y = (y + pad_top) % stride_h;
  const int more_y = kernel_h % stride_h;
  const int taps_y = kernel_h / stride_h + (phase_y < more_y ? 1 : 0);
  const int top = last_row + 1 - taps_y;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < taps_y ? in_h - top : taps_y;
  const int ky_before = phase_y * (kernel_h / stride_h) + (phase_y < more_y ? phase_y : more_y);
  const int row_words = THIMBLE_READ_U16(tap_words + window_w);
  const int most = x1 < 255 * stride_w ? x1 / stride_w : 255;
  int groups = 1;
  for (int group = 0; group < x1 / stride_w; group += groups) {
    const int left = group + first_column;
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < window_w ? in_w - left : window_w;
    groups = 1;
    if (kx1 - kx0 == window_w) {
      const int inside = in_w - window_w - left + 1, here = x1 / stride_w - group;
      groups = here < most ? here : most;
      groups = inside < groups ? inside : groups;
    }
    window_phases_c8(out, groups, in0, in0_top, in0_second, in0_row, in0_slots * in0_row, ky1 - ky0,
                     (kernel_h + stride_h - 1) / stride_h, left + kx0, kx1 - kx0, in_c, weight,
                     (ky_before + ky0) * row_words + THIMBLE_READ_U16(tap_words + kx0), row_words,
                     kernel_h * row_words, tap_words, kx0, ends, out_c, stride_w, kernel_w,
                     pad_left, first_column, out_zero, act_min, act_max);
    out += groups * stride_w * out_c;
  }
}
