#ifndef THIMBLE_NINE_WEIGHT_C
#define THIMBLE_NINE_WEIGHT_C
#include "thimble_kernel.h"

// Weight `k` of three by three in the three words of ops/nines.h, of a channel of an even number or
// an odd one.
THIMBLE_KERNEL int nine_weight(const int32_t *words, int k, int is_odd) {
  static const uint8_t at[9] = {0, 8, 32, 16, 24, 48, 40, 56, 88};
  const int bit = at[k] - (k == 8 && is_odd ? 8 : 0);
  return (int8_t)((uint32_t)THIMBLE_READ_I32(words + bit / 32) >> bit % 32);
}

#endif
