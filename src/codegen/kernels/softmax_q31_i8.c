#include "high_mul_i32.c"
#include "reciprocal_q31.c"
#include "thimble_kernel.h"

// TensorFlow Lite's: exp_table[d] = 2^31 * exp(-d * in_scale), d = 0..255 below the pixel's largest
// element; their sum has 12 integer bits. Output: scale 1/256, zero point -128. Order as
// softmax_i8.c.
THIMBLE_KERNEL void softmax_q31_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                   int x0, int x1, int in_c, const int32_t *exp_table) {
  for (int x = x0; x < x1; ++x) {
    int max = row0[0];
    int32_t sum = 0;
    int headroom = 0;
    for (int c = 1; c < in_c; ++c) {
      if (row0[c] > max) max = row0[c];
    }
    for (int c = 0; c < in_c; ++c) {
      sum += (int32_t)(((uint32_t)THIMBLE_READ_I32(exp_table + (max - row0[c])) + 2048u) >> 12);
    }
    while (sum >= 0) {
      sum = (int32_t)((uint32_t)sum << 1);
      ++headroom;
    }
    sum = reciprocal_q31((int32_t)((uint32_t)sum & 2147483647u));
    for (int c = 0; c < in_c; ++c) {
      const int32_t share = high_mul_i32(sum, THIMBLE_READ_I32(exp_table + (max - row0[c])));
      const int bits = 35 - headroom;
      const int32_t q = (int32_t)(((int64_t)share + ((int64_t)1 << (bits - 1))) >> bits) - 128;
      out[c] = (int8_t)(q > 127 ? 127 : q);
    }
    row0 += in0_pixel;
    out += out_pixel;
  }
}
