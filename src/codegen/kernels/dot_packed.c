#ifndef THIMBLE_DOT_PACKED_C
#define THIMBLE_DOT_PACKED_C
#include "thimble_kernel.h"

// Adds the sums of level * value over `count` > 0 neighbours to `sums`, one a lane: here of 4-bit
// levels, the upper one from the sum of code * value, which is 16 times it and the lower one. Where
// it is written for more lanes than those of a byte, the next ones' codes are `pitch` further on.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_packed(const int8_t *values, const uint8_t *weight,
                                                int pitch, int count, int32_t *sums) {
  const int8_t *const end = values + count;
  int32_t both = 0, low = 0;
  (void)pitch;
  do {
    const uint8_t code = THIMBLE_READ_U8(weight);
    const int8_t value = *values;
    THIMBLE_STEP(weight);
    THIMBLE_STEP(values);
    both += value * code;
    low += value * (uint8_t)(code & 15);
  } while (values != end);
  sums[0] += low;
  sums[1] += (both - low) >> 4;
}

#endif
