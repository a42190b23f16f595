#ifndef THIMBLE_PAIRS_I8_C
#define THIMBLE_PAIRS_I8_C
#include "line_i8.c"
#include "thimble_kernel.h"

// The sums of weight * value of `outputs`, a multiple of four, for each of two pixels: sums[0] and
// on, and sums[outputs] and on. A weight's halfwords are 256 * w + v of two outputs: the sums of
// all of it and of v alone say both. Values are halfwords as widen_two_i8 writes them, `fours` > 0
// times four; weights [4 outputs][4 inputs][even, odd][pair of outputs][2 inputs]. With `ends`,
// bias and line of each output (line_i8), they become int8 at `out` and `second` instead.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_i8(const int16_t *values, const int32_t *weight,
                                              int fours, int outputs, int32_t *sums,
                                              const int32_t *ends, int8_t *out, int8_t *second,
                                              int32_t zero) {
  for (int c = 0; c < outputs; c += 4) {
    uint32_t both[4] = {0};
    int32_t low[4] = {0};
    for (int i = 0; i < 8 * fours; i += 4) {
      for (int k = 0; k < 4; ++k) {
        const int16_t *const two = values + i + (k & 2);
        const int32_t w = THIMBLE_READ_I32(weight + (k & 1));
        both[k] += (uint32_t)((int32_t)(int16_t)w * two[0] + (w >> 16) * two[1]);
        low[k] += (int32_t)(int8_t)w * two[0] + (int32_t)(int8_t)(w >> 16) * two[1];
      }
      weight += 2;
    }
    for (int k = 0; k < 4; ++k) {
      const int32_t high = (int32_t)(both[k] - (uint32_t)low[k]) >> 8;
      const int output = c + k % 2 * 2;
      if (ends) {
        int8_t *const two = (k < 2 ? out : second) + output;
        two[0] = line_i8(low[k], ends + 2 * output, zero);
        two[1] = line_i8(high, ends + 2 * output + 2, zero);
      } else {
        int32_t *const two = sums + (k / 2 * outputs + output);
        two[0] = low[k];
        two[1] = high;
      }
    }
  }
}

#endif
