#ifndef THIMBLE_NINES_I8_C
#define THIMBLE_NINES_I8_C
#include "nine_weight.c"
#include "thimble_kernel.h"

// The int8 of windows of three by three, of `pixels` > 0 pixels `out_pixel` apart, a multiple of
// four channels. Windows are one column or two (`stride`) apart, and begin `beside` columns before
// those of the rows, of which there are `columns` > 0; what is outside, as a row that is null, is
// `zero`. Of each channel there are five words: weights, bias and line (ops/nines.h). Takes `work`
// for 12 bytes a column and 36 more.
THIMBLE_KERNEL THIMBLE_NOINLINE void nines_i8(int8_t *out, int out_pixel, int pixels, int stride,
                                              const int8_t *row_0, const int8_t *row_1,
                                              const int8_t *row_2, int in_pixel, int beside,
                                              int columns, int32_t *work, const int32_t *weight,
                                              int channels, int zero, int32_t out_zero) {
  const int8_t *const rows[3] = {row_0, row_1, row_2};
  (void)work;
  for (int c = 0; c < channels; ++c) {
    for (int x = 0; x < pixels; ++x) {
      uint32_t sum = (uint32_t)THIMBLE_READ_I32(weight + 3);
      for (int k = 0; k < 9; ++k) {
        const int column = x * stride + k % 3 - beside;
        const int is_inside = rows[k / 3] && column >= 0 && column < columns;
        const int value = is_inside ? rows[k / 3][column * in_pixel + c] : zero;
        sum += (uint32_t)(256 * value * nine_weight(weight, k, c % 2));
      }
      const int64_t product = (int64_t)(int32_t)sum * THIMBLE_READ_I32(weight + 4);
      const int32_t q = ((int32_t)(product >> 32) + out_zero) >> 10;
      out[x * out_pixel + c] = (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
    }
    weight += 5;
  }
}

#endif
