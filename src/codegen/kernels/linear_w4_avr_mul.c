#include "outputs_i8.c"
#include "rows_w4.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// As linear_packed of 4-bit levels, of 16 outputs at once; of more than 256 inputs of 8, whose sums
// over the first ones lie before those over the next.
THIMBLE_KERNEL void linear_w4(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0, int x1,
                              const uint8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int out_zero, int act_min, int act_max, int in_count, int out_w,
                              int out_c, int w_low, int w_step) {
  const int32_t low = w_low == 0 ? 0 : w_low * sum_i8(in0, in_count);
  const int first_count = in_count < 256 ? in_count : 256;
  const int most = in_count > 256 ? 8 : 16;
  int o = (y * out_w + x0) * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int left = out_c; left > 0;) {
      int32_t sums[16];
      const int lane = o & 1;
      const int outputs = left < most - lane ? left : most - lane;
      const int pairs = (lane + outputs + 1) >> 1;
      const uint8_t *codes = weight + (o >> 1) * in_count;
      rows_w4(in0, codes, first_count, in_count - first_count, pairs, w_step == 1 ? low : 0, sums);
      for (int i = 256; i < in_count; i += 256) {
        const int count = in_count - i < 256 ? in_count - i : 256;
        rows_w4(in0 + i, codes + i, count, in_count - count, pairs, 0, sums + 8);
        for (int k = 0; k < 2 * pairs; ++k) sums[k] += sums[8 + k];
      }
      if (w_step != 1)
        for (int k = 0; k < 2 * pairs; ++k) sums[k] = low + w_step * sums[k];
      outputs_i8(out, sums + lane, outputs, full_bias + o, multiplier + o, shift + o, out_zero,
                 act_min, act_max);
      out += outputs;
      o += outputs;
      left -= outputs;
    }
    out += out_pixel - out_c;
  }
}
