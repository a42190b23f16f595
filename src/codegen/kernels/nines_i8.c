#ifndef THIMBLE_NINES_I8_C
#define THIMBLE_NINES_I8_C
#include "nine_weight.c"
#include "thimble_kernel.h"

// The int8 of windows of three by three, of `pixels` > 0 neighbouring pixels `out_pixel` apart and
// of four channels, whose values lie as spread_pairs_i8 writes them. Of each channel there are five
// words: weights, bias and line (ops/nines.h). `odd`: the first window begins with the second
// column of a pair.
THIMBLE_KERNEL THIMBLE_NOINLINE void nines_i8(int8_t *out, int out_pixel, int pixels,
                                              const int16_t *planes, int odd, const int32_t *weight,
                                              int32_t zero) {
  for (int channel = 0; channel < 4; ++channel) {
    for (int x = 0; x < pixels; ++x) {
      uint32_t sum = (uint32_t)THIMBLE_READ_I32(weight + 3);
      for (int k = 0; k < 9; ++k) {
        const int column = x + odd + k % 3, second = column % 2;
        const int16_t *const pair = planes + column / 2 * 24;
        const int value = pair[k < 6 ? 2 * second + k / 3 : 4 + second];
        sum += (uint32_t)(value * (int32_t)nine_weight(weight, k));
      }
      const int64_t product = (int64_t)(int32_t)sum * THIMBLE_READ_I32(weight + 4);
      const int32_t q = ((int32_t)(product >> 32) + zero) >> 10;
      out[x * out_pixel] = (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
    }
    planes += 6;
    weight += 5;
    ++out;
  }
}

#endif
