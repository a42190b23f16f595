#ifndef THIMBLE_DOT_M4_C
#define THIMBLE_DOT_M4_C
#include "thimble_kernel.h"

// As dot_m8, of weights and 8 more, two a byte, the first one low. `left` holds 512 more while the
// high one of a byte is due.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_m4(const int8_t *values, int mask, int count,
                                               const uint8_t **codes, int *left) {
  const uint8_t *code = *codes;
  unsigned map = (unsigned)*left & 511u;
  int is_high = *left >= 512;
  int32_t sum = 0;
  for (int at = 0; at < count; ++at) {
    if (map < 2) {
      if (is_high) THIMBLE_STEP(code);
      is_high = 0;
      map = THIMBLE_READ_U8(code) | 256u;
      THIMBLE_STEP(code);
    }
    if (map & 1u) {
      const uint8_t two = THIMBLE_READ_U8(code);
      const uint8_t weight = is_high ? (uint8_t)(two >> 4) : (uint8_t)(two & 15);
      if (is_high) THIMBLE_STEP(code);
      is_high = !is_high;
      sum += (int8_t)(weight - 8) * values[at & mask];
    }
    map >>= 1;
  }
  *codes = code;
  *left = (int)map + (is_high ? 512 : 0);
  return sum;
}

#endif
