#ifndef THIMBLE_EIGHTS_I8_C
#define THIMBLE_EIGHTS_I8_C
#include "thimble_kernel.h"

// The sums of weight * value of eight outputs over `fours` times four neighbours; weights as those
// of pairs_i8, [4 inputs][even, odd][pair of outputs][2 inputs].
THIMBLE_KERNEL THIMBLE_NOINLINE void eights_i8(const int8_t *values, const int32_t *weight,
                                               int fours, int32_t *sums) {
  uint32_t both[4] = {0};
  int32_t low[4] = {0};
  for (; fours > 0; --fours) {
    for (int i = 0; i < 8; ++i) {
      const int first = values[i / 4], second = values[i / 4 + 2];
      const int32_t w = THIMBLE_READ_I32(weight + i);
      both[i % 4] += (uint32_t)((int32_t)(int16_t)w * first + (w >> 16) * second);
      low[i % 4] += (int32_t)(int8_t)w * first + (int32_t)(int8_t)(w >> 16) * second;
    }
    values += 4;
    weight += 8;
  }
  for (int k = 0; k < 4; ++k) {
    sums[2 * k] = low[k];
    sums[2 * k + 1] = (int32_t)(both[k] - (uint32_t)low[k]) >> 8;
  }
}

#endif
