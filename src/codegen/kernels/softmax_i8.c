#include "thimble_kernel.h"

// exp_table[d] = 2^14 * exp(-d * in_scale), d = 0..255 below the pixel's largest element. Output:
// scale 1/256, zero point -128. The second pass reads element c just before it writes element c, so
// the output may lie on its dying input.
THIMBLE_KERNEL void softmax_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                               int x0, int x1, int in_c, const int16_t *exp_table) {
  for (int x = x0; x < x1; ++x) {
    int max = row0[0];
    uint32_t sum = 0;
    for (int c = 1; c < in_c; ++c) {
      if (row0[c] > max) max = row0[c];
    }
    for (int c = 0; c < in_c; ++c) {
      sum += (uint16_t)THIMBLE_READ_I16(exp_table + (max - row0[c]));
    }
    for (int c = 0; c < in_c; ++c) {
      const uint32_t e = (uint16_t)THIMBLE_READ_I16(exp_table + (max - row0[c]));
      const int q = (int)((e * 256u + sum / 2u) / sum) - 128;
      out[c] = (int8_t)(q > 127 ? 127 : q);
    }
    row0 += in0_pixel;
    out += out_pixel;
  }
}
