#include "outputs_i8.c"
#include "row_parts.c"
#include "sum_twins.c"
#include "thimble_kernel.h"
#include "twin_part_i8.c"
#include "twin_run_i8.c"
#include "twins_packed.c"

// As conv2d_twins_i8, of weights w_low + w_step * level (conv2d_packed).
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_twins_packed(int8_t *out, int out_pixel, const int8_t *in0,
                                        int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                        int32_t *work, int y, int x0, int x1, const uint8_t *weight,
                                        const int32_t *full_bias,
                                        const thimble_multiplier *multiplier, const int8_t *shift,
                                        int in_zero, int out_zero, int act_min, int act_max,
                                        int in_h, int in_w, int in_c, int out_c, int kernel_h,
                                        int kernel_w, int stride_h, int stride_w, int pad_top,
                                        int pad_left, int w_low, int w_step) {
  const int8_t zero = (int8_t)in_zero;
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int kernel_row = kernel_w * in_c;
  const int count = kernel_h * kernel_row;
  int part_row[3], part_rows[3];
  const int parts = row_parts(in0_top, (top + ky0 + 1) % in0_slots * in0_row, ky1 - ky0, in0_row,
                              in0_slots * in0_row, part_row, part_rows);
  int pixels;
  for (int x = x0; x < x1; x += pixels) {
    pixels = x1 - x < 2 ? 1 : 2;
    // Where the second window is; of one pixel it is the same.
    const int apart = pixels < 2 ? 0 : stride_w;
    int32_t *words = twin_run_i8(work, &zero, 0, &zero, 0, ky0 * kernel_row);
    for (int part = 0; part < parts; ++part) {
      words = twin_part_i8(words, in0 + part_row[part], in0_row, part_rows[part], in0_pixel, in_w,
                           in_c, kernel_w, x * stride_w - pad_left, apart, &zero);
    }
    twin_run_i8(words, &zero, 0, &zero, 0, (kernel_h - ky1) * kernel_row);
    // The lowest level's share, the same of all channels.
    int32_t low[9];
    if (w_low != 0) sum_twins(work, count, low);
    const uint8_t *codes = weight;
    for (int c = 0; c < out_c; c += THIMBLE_OUTPUTS) {
      const int outputs = out_c - c < THIMBLE_OUTPUTS ? out_c - c : THIMBLE_OUTPUTS;
      const int pitch = c + THIMBLE_LANES < out_c ? count : 0;
      int32_t sums[16];
      twins_packed(work, codes, pitch, count, sums);
      codes += THIMBLE_OUTPUTS / THIMBLE_LANES * count;
      for (int p = 0; p < pixels; ++p) {
        for (int k = 8 * p; k < 8 * p + outputs; ++k)
          sums[k] = (w_low == 0 ? 0 : w_low * low[8 * p]) + w_step * sums[k];
        outputs_i8(out + p * out_pixel + c, sums + 8 * p, outputs, full_bias + c, multiplier + c,
                   shift + c, out_zero, act_min, act_max);
      }
    }
    out += pixels * out_pixel;
  }
}
