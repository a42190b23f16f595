#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// floor((sum * multiplier + 2^(shift - 1)) / 2^shift) by 16 x 16 bit multiplications: two for the
// halves of the sum; one for multipliers of 1/4 and more (shift <= 16), where a sum beyond 16 bits
// is beyond int8 in any case. The half is added after all but one bit is shifted out: one shift by
// a variable amount, which small machines make in a loop. `>>` rounds down, negative numbers too,
// on every compiler in use.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int16_t multiplier, int8_t shift) {
  int32_t product;
  if (shift > 16) {
    const int32_t high = (int32_t)(int16_t)(sum >> 16) * multiplier;
    const uint32_t low = (uint32_t)(uint16_t)sum * (uint16_t)multiplier;
    product = high + (int32_t)(low >> 16);
    shift = (int8_t)(shift - 16);
  } else {
    product = (sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum) * multiplier;
  }
  return ((product >> (shift - 1)) + 1) >> 1;
}

#endif
