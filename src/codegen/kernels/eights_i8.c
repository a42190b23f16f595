#ifndef THIMBLE_EIGHTS_I8_C
#define THIMBLE_EIGHTS_I8_C
#include "thimble_kernel.h"

// The sums of weight * value of `outputs`, filled up to whole eights, over `fours` > 0 times four
// neighbours; weights as those of pairs_i8, [8 outputs][4 inputs][even, odd][pair of outputs][2
// inputs].
THIMBLE_KERNEL THIMBLE_NOINLINE void eights_i8(const int8_t *values, const int32_t *weight,
                                               int fours, int outputs, int32_t *sums) {
  for (; outputs > 0; outputs -= 8) {
    uint32_t both[4] = {0};
    int32_t low[4] = {0};
    for (int four = 0; four < 4 * fours; four += 4) {
      for (int i = 0; i < 8; ++i) {
        const int first = values[four + i / 4], second = values[four + i / 4 + 2];
        const int32_t w = THIMBLE_READ_I32(weight + i);
        both[i % 4] += (uint32_t)((int32_t)(int16_t)w * first + (w >> 16) * second);
        low[i % 4] += (int32_t)(int8_t)w * first + (int32_t)(int8_t)(w >> 16) * second;
      }
      weight += 8;
    }
    for (int k = 0; k < 4; ++k) {
      *sums = low[k];
      ++sums;
      *sums = (int32_t)(both[k] - (uint32_t)low[k]) >> 8;
      ++sums;
    }
  }
}

#endif
