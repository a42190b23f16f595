#include "outputs_i8.c"
#include "thimble_kernel.h"
#include "twin_run_i8.c"
#include "twin_window_i8.c"
#include "twins_i8.c"

// Convolution of two pixels at a time, eight outputs at a time, weights [out][kernel row][kernel
// column][in].
//
// Both windows are written to `work`, a word for two values (twins_i8), with the input's zero point
// where they lie outside the input: its share of a sum is taken off in `full_bias`.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_twins_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                    int in0_row, int in0_pixel, int in0_top, int32_t *work, int y,
                                    int x0, int x1, const int8_t *weight, const int32_t *full_bias,
                                    const thimble_multiplier *multiplier, const int8_t *shift,
                                    int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                    int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                    int stride_h, int stride_w, int pad_top, int pad_left) {
  const int8_t zero = (int8_t)in_zero;
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int kernel_row = kernel_w * in_c;
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
  int pixels;
  for (int x = x0; x < x1; x += pixels) {
    pixels = x1 - x < 2 ? 1 : 2;
    // Where the second window is; of one pixel it is the same.
    const int apart = pixels < 2 ? 0 : stride_w;
    const int left = x * stride_w - pad_left;
    const int is_inside = in0_pixel == in_c && left >= 0 && left + apart + kernel_w <= in_w;
    int32_t *words = twin_run_i8(work, &zero, 0, &zero, 0, ky0 * kernel_row);
    for (int part = 0; part < parts; ++part) {
      const int8_t *const a = in0 + part_row[part];
      if (is_inside) {
        const int8_t *const first = a + left * in_c;
        twin_window_i8(words, first, first + apart * in_c, kernel_row, in0_row, part_rows[part]);
        words += part_rows[part] * kernel_row;
        continue;
      }
      for (int at = 0; at < part_rows[part] * in0_row; at += in0_row)
        for (int column = left; column < left + kernel_w; ++column) {
          const int second = column + apart;
          const int has_first = column >= 0 && column < in_w;
          const int has_second = second >= 0 && second < in_w;
          words = twin_run_i8(words, has_first ? a + (at + column * in0_pixel) : &zero, has_first,
                              has_second ? a + (at + second * in0_pixel) : &zero, has_second, in_c);
        }
    }
    twin_run_i8(words, &zero, 0, &zero, 0, (kernel_h - ky1) * kernel_row);
    const int8_t *w = weight;
    for (int c = 0; c < out_c; c += 8) {
      const int outputs = out_c - c < 8 ? out_c - c : 8;
      int32_t sums[16];
      twins_i8(work, w, kernel_h * kernel_row, outputs, sums);
      w += outputs * kernel_h * kernel_row;
      for (int p = 0; p < pixels; ++p) {
        outputs_i8(out + p * out_pixel + c, sums + 8 * p, outputs, full_bias + c, multiplier + c,
                   shift + c, out_zero, act_min, act_max);
      }
    }
    out += pixels * out_pixel;
  }
}
