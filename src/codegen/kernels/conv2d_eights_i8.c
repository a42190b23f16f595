#include "outputs_i8.c"
#include "runs_i8.c"
#include "thimble_kernel.h"
#include "window_runs_i8.c"

// Convolution of one pixel at a time, eight outputs at a time, weights in pairs [8 outputs][4 of a
// window, and nothing behind the last][even, odd][2 outputs][2 inputs] (runs_i8). Windows are
// runs of neighbours (window_runs_i8).
THIMBLE_KERNEL void conv2d_eights_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                     int in0_row, int in0_pixel, int in0_top, int8_t *work, int y,
                                     int x0, int x1, const int32_t *weight, const int8_t *zeros,
                                     const int32_t *full_bias, const thimble_multiplier *multiplier,
                                     const int8_t *shift, int in_zero, int out_zero, int act_min,
                                     int act_max, int in_h, int in_w, int in_c, int out_c,
                                     int kernel_h, int kernel_w, int stride_h, int stride_w,
                                     int pad_top, int pad_left, int gathered, int split) {
  const int top = y * stride_h - pad_top;
  const int fours = (kernel_h * kernel_w * in_c + 3) / 4;
  for (int x = x0; x < x1; ++x) {
    const int8_t *one[2], *nine[18]; /* where all windows are of one, the others take no stack */
    const int8_t **const runs = split ? nine : one;
    const int count = window_runs_i8(runs, zeros, work, in0, in0_slots, in0_row, in0_pixel, in0_top,
                                     top, x * stride_w - pad_left, in_zero, in_h, in_w, in_c,
                                     kernel_h, kernel_w, gathered, split);
    const int32_t *w = weight;
    for (int c = 0; c < out_c; c += 16) {
      const int outputs = out_c - c < 16 ? out_c - c : 16;
      int32_t sums[16];
      runs_i8(runs, count, w, outputs, sums, 0, 0, 0);
      w += 16 * fours;
      outputs_i8(out + c, sums, outputs, full_bias + c, multiplier + c, shift + c, out_zero,
                 act_min, act_max);
    }
    out += out_pixel;
  }
}
