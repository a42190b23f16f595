#ifndef THIMBLE_DOT_M8_C
#define THIMBLE_DOT_M8_C
#include "thimble_kernel.h"

// As dot_sparse, of 8 weights at a time: a byte whose bits say which are not zero, and these.
// `left`: the bits that are left, and one above them; below 2 the next byte is due.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_m8(const int8_t *values, int mask, int count,
                                               const uint8_t **codes, int *left) {
  const uint8_t *code = *codes;
  unsigned map = (unsigned)*left;
  int32_t sum = 0;
  for (int at = 0; at < count; ++at) {
    if (map < 2) {
      map = THIMBLE_READ_U8(code) | 256u;
      THIMBLE_STEP(code);
    }
    if (map & 1u) {
      const int8_t weight = (int8_t)THIMBLE_READ_U8(code);
      THIMBLE_STEP(code);
      sum += weight * values[at & mask];
    }
    map >>= 1;
  }
  *codes = code;
  *left = (int)map;
  return sum;
}

#endif
