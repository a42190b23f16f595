#include "thimble_kernel.h"

// exp_table[d] = 2^14 * exp(-d * in_scale), d = 0..255 below the pixel's largest element. An output
// is out_zero - (d * in_factor + log2(sum) * log_factor) / 2^shift, rounded; the factors hold both
// scales. The logarithm, in steps of 2^-12, comes by squaring the mantissa: each square doubles the
// logarithm and shows its next binary digit. The last pass reads element c just before it writes
// element c, so the output may lie on its dying input.
THIMBLE_KERNEL void log_softmax_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                   int x0, int x1, int in_c, int out_zero, int32_t in_factor,
                                   int log_factor, int shift, const int16_t *exp_table) {
  for (int x = x0; x < x1; ++x) {
    int max = row0[0];
    uint32_t mantissa = 0;  // the sum of the exponentials, then its mantissa: 2^15 <= m < 2^16
    uint32_t log2_sum = 0;
    for (int c = 1; c < in_c; ++c) {
      if (row0[c] > max) max = row0[c];
    }
    for (int c = 0; c < in_c; ++c) {
      mantissa += (uint16_t)THIMBLE_READ_I16(exp_table + (max - row0[c]));
    }
    for (mantissa <<= 1; mantissa >= 65536u; mantissa >>= 1) ++log2_sum;
    for (int bit = 0; bit < 12; ++bit) {
      mantissa = (mantissa * mantissa) >> 15;
      log2_sum <<= 1;
      if (mantissa >= 65536u) {
        mantissa >>= 1;
        ++log2_sum;
      }
    }
    const uint32_t base = log2_sum * (uint32_t)log_factor + ((uint32_t)1 << (shift - 1));
    for (int c = 0; c < in_c; ++c) {
      const uint32_t below = (uint32_t)(max - row0[c]) * (uint32_t)in_factor + base;
      const int32_t q = out_zero - (int32_t)(below >> shift);
      out[c] = (int8_t)(q < -128 ? -128 : q);
    }
    row0 += in0_pixel;
    out += out_pixel;
  }
}
