#ifndef THIMBLE_PAIRS_ODD_I8_C
#define THIMBLE_PAIRS_ODD_I8_C
#include "thimble_kernel.h"

// As pairs_i8, of one pixel: the other's values are passed over.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_odd_i8(const int16_t *values, const int32_t *weight,
                                                  int fours, int outputs, int32_t *sums) {
  for (int c = 0; c < outputs; c += 2) {
    uint32_t both = 0;
    int32_t low = 0;
    for (int i = 0; i < 2 * fours; ++i) {
      const int16_t *const two = values + 4 * i;
      const int32_t w = THIMBLE_READ_I32(weight + 2 * i);
      both += (uint32_t)((int32_t)(int16_t)w * two[0] + (w >> 16) * two[1]);
      low += (int32_t)(int8_t)w * two[0] + (int32_t)(int8_t)(w >> 16) * two[1];
    }
    weight += c % 4 == 0 ? 1 : 4 * fours - 1;
    const int32_t high = (int32_t)(both - (uint32_t)low) >> 8;
    sums[c] = low;
    sums[c + 1] = high;
  }
}

#endif
