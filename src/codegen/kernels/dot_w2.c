#ifndef THIMBLE_DOT_W2_C
#define THIMBLE_DOT_W2_C
#include "thimble_kernel.h"

// As dot_packed, of 2-bit levels: products are at most 384, so 85 of them fit an `int` of 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w2(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int8_t *const end = values + (count < 85 ? count : 85);
    int sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int8_t value = *values;
      THIMBLE_STEP(weight);
      THIMBLE_STEP(values);
      sum_0 += value * (uint8_t)(code & 3);
      sum_1 += value * (uint8_t)(code >> 2 & 3);
      sum_2 += value * (uint8_t)(code >> 4 & 3);
      sum_3 += value * (uint8_t)(code >> 6);
    } while (values != end);
    sums[0] += sum_0;
    sums[1] += sum_1;
    sums[2] += sum_2;
    sums[3] += sum_3;
    count -= 85;
  }
}

#endif
