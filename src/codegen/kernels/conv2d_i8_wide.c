#include "add_rows_i8.c"
#include "fill_run_i8.c"
#include "outputs_i8.c"
#include "row_parts.c"
#include "sum_outside_i8.c"
#include "thimble_kernel.h"

// Convolution, weights [out][kernel row][kernel column][in], up to 32 outputs of a pixel at a time.
//
// The sum of w * (a - in_zero) is the sum of w * a less in_zero times the sum of w: a constant,
// taken off in `full_bias`, as long as all of the window lies inside the input. At a border the
// weights outside are given back; `inside`: there are none. A kernel row's taps are neighbours in
// memory where the input's pixels are.
// specialise: kernel_h kernel_w stride_h stride_w inside
THIMBLE_KERNEL void conv2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                              int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int in_zero, int out_zero, int act_min, int act_max, int in_h,
                              int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                              int stride_h, int stride_w, int pad_top, int pad_left, int inside) {
  const int top = y * stride_h - pad_top;
  const int ky0 = inside || top >= 0 ? 0 : -top;
  const int ky1 = inside || in_h - top >= kernel_h ? kernel_h : in_h - top;
  const int kernel_row = kernel_w * in_c;
  const int filter = kernel_h * kernel_row;
  int part_row[3], part_rows[3], parts;
  if (kernel_h > 1) {
    parts = row_parts(in0_top, (top + ky0 + 1) % in0_slots * in0_row, ky1 - ky0, in0_row,
                      in0_slots * in0_row, part_row, part_rows);
  } else {
    part_row[0] = in0_top;
    part_rows[0] = 1;
    parts = 1;
  }
  for (int x = x0; x < x1; ++x) {
    const int left = x * stride_w - pad_left;
    const int kx0 = inside || left >= 0 ? 0 : -left;
    const int kx1 = inside || in_w - left >= kernel_w ? kernel_w : in_w - left;
    const int taps = (kx1 - kx0) * in_c;
    const int rows = inside || taps > 0 ? ky1 - ky0 : 0;
    const int is_inside = inside || (rows == kernel_h && taps == kernel_row);
    const int8_t *const column = in0 + (left + kx0) * in0_pixel;
    const int before = ky0 * kernel_row + kx0 * in_c;
    const int8_t *w = weight;
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      const int8_t *met = w + before;
      int32_t sums[32];
      if (inside) {
        fill_run_i8((int8_t *)sums, 0, sizeof sums);
        w += outputs * filter;
      }
      for (int k = 0; !inside && k < outputs; ++k) {
        sums[k] = is_inside
                      ? 0
                      : in_zero * sum_outside_i8(w, w + filter, w + before, taps, kernel_row, rows);
        w += filter;
      }
      for (int part = 0; rows > 0 && part < parts; ++part) {
        const int8_t *a = column + part_row[part];
        int left_rows = part_rows[part];
        if (kernel_w == 1 || in0_pixel == in_c) {
          add_rows_i8(a, in0_row, met, kernel_row, filter, outputs, taps, left_rows, sums);
          met += left_rows * kernel_row;
          continue;
        }
        for (; left_rows > 0; --left_rows) {
          add_rows_i8(a, in0_pixel, met, in_c, filter, outputs, in_c, kx1 - kx0, sums);
          met += kernel_row;
          a += in0_row;
        }
      }
      outputs_i8(out + c, sums, outputs, full_bias + c, multiplier + c, shift + c, out_zero,
                 act_min, act_max);
    }
    out += out_pixel;
  }
}
