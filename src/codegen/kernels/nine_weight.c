#ifndef THIMBLE_NINE_WEIGHT_C
#define THIMBLE_NINE_WEIGHT_C
#include "thimble_kernel.h"

// Weight `k` of three by three in the three words of ops/nines.h.
THIMBLE_KERNEL int nine_weight(const int32_t *words, int k) {
  static const uint8_t at[9] = {0, 8, 32, 16, 24, 48, 40, 56, 80};
  return (int8_t)((uint32_t)THIMBLE_READ_I32(words + at[k] / 32) >> at[k] % 32);
}

#endif
