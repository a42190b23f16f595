#ifndef THIMBLE_VECTOR_I8_C
#define THIMBLE_VECTOR_I8_C
#include "line_i8.c"
#include "thimble_kernel.h"

// The sums of weight * value of `outputs`, filled up to whole fours, over `eights` > 0 times eight
// neighbours as widen_vector_i8 writes them; weights as those of pairs_i8. To `sums`, or, where
// there are `ends` [output][bias, multiplier] (line_i8), as int8 to `out`.
THIMBLE_KERNEL THIMBLE_NOINLINE void vector_i8(const int16_t *values, const int32_t *weight,
                                               int eights, int outputs, int32_t *sums,
                                               const int32_t *ends, int8_t *out, int32_t zero) {
  for (int c = 0; c < outputs; c += 2) {
    uint32_t both = 0;
    int32_t low = 0;
    for (int two = 0; two < 4 * eights; ++two) {
      const int first = values[2 * two], second = values[2 * two + 1];
      const int32_t w = THIMBLE_READ_I32(weight + 2 * two);
      both += (uint32_t)((int32_t)(int16_t)w * first + (w >> 16) * second);
      low += (int32_t)(int8_t)w * first + (int32_t)(int8_t)(w >> 16) * second;
    }
    weight += c % 4 == 0 ? 1 : 8 * eights - 1;
    const int32_t high = (int32_t)(both - (uint32_t)low) >> 8;
    if (ends) {
      out[c] = line_i8(low, ends + 2 * c, zero);
      out[c + 1] = line_i8(high, ends + 2 * c + 2, zero);
    } else {
      sums[c] = low;
      sums[c + 1] = high;
    }
  }
}

#endif
