#include "block_of.c"
#include "outputs_i8.c"
#include "sum_outside_i8.c"
#include "thimble_kernel.h"
#include "tile_i8.c"

// Convolution, weights [out][kernel row][kernel column][in], four outputs at a time of up to four
// pixels.
//
// The sum of w * (a - in_zero) is the sum of w * a less in_zero times the sum of w: a constant,
// taken off in `full_bias`, as long as all of the window lies inside the input. At a border the
// weights outside are given back. A kernel row's taps are neighbours in memory where the input's
// pixels are.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                              int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int in_zero, int out_zero, int act_min, int act_max, int in_h,
                              int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                              int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int kernel_row = kernel_w * in_c;
  const int filter = kernel_h * kernel_row;
  // Rows that follow one another in memory are one part: the first may lie elsewhere, and the ring
  // begins anew.
  int part_row[3], part_rows[3];
  int parts = 0;
  int row = in0_top;
  int next_row = (top + ky0 + 1) % in0_slots * in0_row;
  for (int ky = ky0; ky < ky1; ++ky) {
    if (parts > 0 && row == part_row[parts - 1] + part_rows[parts - 1] * in0_row) {
      ++part_rows[parts - 1];
    } else {
      part_row[parts] = row;
      part_rows[parts] = 1;
      ++parts;
    }
    row = next_row;
    next_row += in0_row;
    if (next_row == in0_slots * in0_row) next_row = 0;
  }
  const int left_end = x1 * stride_w - pad_left;
  for (int left = x0 * stride_w - pad_left; left < left_end;) {
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    const int taps = (kx1 - kx0) * in_c;
    const int rows = taps > 0 ? ky1 - ky0 : 0;
    const int is_inside = rows == kernel_h && taps == kernel_row;
    const int column = (left + kx0) * in0_pixel;
    const int before = ky0 * kernel_row + kx0 * in_c;
    const int8_t *inside = weight + before;
    int pixels = 1;
    left += stride_w;
    if (taps == kernel_row && in0_pixel == in_c) {
      while (pixels < 4 && left < left_end && left + kernel_w <= in_w) {
        ++pixels;
        left += stride_w;
      }
    }
    for (int c = 0; c < out_c;) {
      const int outputs = block_of(out_c - c);
      int32_t sums[16];
      for (int k = 0; k < 4; ++k) {
        const int8_t *const first = inside - before + k * filter;
        int32_t outside = 0;
        if (!is_inside && k < outputs) {
          outside = in_zero *
                    sum_outside_i8(first, first + filter, first + before, taps, kernel_row, rows);
        }
        for (int pixel = 0; pixel < pixels; ++pixel) sums[4 * pixel + k] = outside;
      }
      const int8_t *w = inside;
      for (int part = 0; rows > 0 && part < parts; ++part) {
        const int8_t *a = in0 + (part_row[part] + column);
        int left_rows = part_rows[part];
        if (in0_pixel == in_c) {
          tile_i8(a, in0_row, stride_w * in_c, pixels, w, kernel_row, filter, outputs, taps,
                  left_rows, sums);
          w += left_rows * kernel_row;
        } else {
          do {
            block_i8(a, in0_pixel, w, in_c, filter, outputs, in_c, kx1 - kx0, sums);
            a += in0_row;
            w += kernel_row;
          } while (--left_rows > 0);
        }
      }
      inside += outputs * filter;
      for (int pixel = 0; pixel < pixels; ++pixel) {
        outputs_i8(out + pixel * out_pixel, sums + 4 * pixel, outputs, full_bias + c,
                   multiplier + c, shift + c, out_zero, act_min, act_max);
      }
      out += outputs;
      c += outputs;
    }
    out += pixels * out_pixel - out_c;
  }
}
