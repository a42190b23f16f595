#include "copy_rows_i8.c"
#include "dot_rows_i8.c"
#include "fill_run_i8.c"
#include "outputs_i8.c"
#include "row_parts.c"
#include "thimble_kernel.h"

// Convolution, weights [out][kernel row][kernel column][in], up to 32 outputs at a time. Each
// window is written to `work` first, with the input's zero point where it lies outside the input:
// its share of a sum is taken off in `full_bias`.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_windows_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                      int in0_row, int in0_pixel, int in0_top, int8_t *work, int y,
                                      int x0, int x1, const int8_t *weight,
                                      const int32_t *full_bias,
                                      const thimble_multiplier *multiplier, const int8_t *shift,
                                      int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                      int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                      int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int kernel_row = kernel_w * in_c;
  const int window = kernel_h * kernel_row;
  int part_row[3], part_rows[3];
  const int parts = row_parts(in0_top, (top + ky0 + 1) % in0_slots * in0_row, ky1 - ky0, in0_row,
                              in0_slots * in0_row, part_row, part_rows);
  for (int x = x0; x < x1; ++x) {
    const int left = x * stride_w - pad_left;
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    const int taps = (kx1 - kx0) * in_c;
    const int8_t *const column = in0 + (left + kx0) * in0_pixel;
    int8_t *to = work + (ky0 * kernel_row + kx0 * in_c);
    if (taps < kernel_row || ky1 - ky0 < kernel_h) fill_run_i8(work, in_zero, window);
    for (int part = 0; taps > 0 && part < parts; ++part) {
      const int8_t *a = column + part_row[part];
      int rows = part_rows[part];
      if (in0_pixel == in_c) {
        copy_rows_i8(to, kernel_row, a, in0_row, taps, rows);
        to += rows * kernel_row;
        continue;
      }
      for (; rows > 0; --rows) {
        copy_rows_i8(to, in_c, a, in0_pixel, in_c, kx1 - kx0);
        to += kernel_row;
        a += in0_row;
      }
    }
    const int8_t *w = weight;
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      dot_rows_i8(work, w, window, outputs, sums);
      w += outputs * window;
      outputs_i8(out + c, sums, outputs, full_bias + c, multiplier + c, shift + c, out_zero,
                 act_min, act_max);
    }
    out += out_pixel;
  }
}
