#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// floor((sum + 2^(shift - 1)) / 2^shift) without overflow; the multiplier is always 1.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int16_t multiplier, int8_t shift) {
  (void)multiplier;
  return shift == 0 ? sum : ((sum >> (shift - 1)) + 1) >> 1;
}

#endif
