#ifndef THIMBLE_DOT_PACKED_C
#define THIMBLE_DOT_PACKED_C
#include "thimble_kernel.h"

// Adds the sums of level * value over `count` neighbours to `sums`, one a lane: here of 4-bit
// levels. Where it is written for more lanes than those of a byte, the next ones' codes are `pitch`
// further on. Products are at most 1,920, so 16 of them fit an `int` of 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_packed(const int8_t *values, const uint8_t *weight,
                                                int pitch, int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int8_t *const end = values + (count < 16 ? count : 16);
    int sum_0 = 0, sum_1 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int8_t value = *values;
      THIMBLE_STEP(weight);
      THIMBLE_STEP(values);
      sum_0 += value * (uint8_t)(code & 15);
      sum_1 += value * (uint8_t)(code >> 4);
    } while (values != end);
    sums[0] += sum_0;
    sums[1] += sum_1;
    count -= 16;
  }
}

#endif
