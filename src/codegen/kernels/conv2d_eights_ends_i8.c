#include "runs_i8.c"
#include "thimble_kernel.h"
#include "window_runs_i8.c"

// As conv2d_eights_i8 on a line of the usual shift: sums become outputs where they are made
// (`ends`: [output][bias, multiplier]).
THIMBLE_KERNEL void conv2d_eights_ends_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                          int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                          int8_t *work, int y, int x0, int x1,
                                          const int32_t *weight, const int8_t *zeros,
                                          const int32_t *ends, int in_zero, int32_t out_zero,
                                          int in_h, int in_w, int in_c, int out_c, int kernel_h,
                                          int kernel_w, int stride_h, int stride_w, int pad_top,
                                          int pad_left, int gathered, int split) {
  const int top = y * stride_h - pad_top;
  for (int x = x0; x < x1; ++x) {
    const int8_t *one[2], *nine[18]; /* where all windows are of one, the others take no stack */
    const int8_t **const runs = split ? nine : one;
    const int count = window_runs_i8(runs, zeros, work, in0, in0_slots, in0_row, in0_pixel, in0_top,
                                     top, x * stride_w - pad_left, in_zero, in_h, in_w, in_c,
                                     kernel_h, kernel_w, gathered, split);
    runs_i8(runs, count, weight, out_c, 0, ends, out, out_zero);
    out += out_pixel;
  }
}
