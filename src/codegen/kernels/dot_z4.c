#ifndef THIMBLE_DOT_Z4_C
#define THIMBLE_DOT_Z4_C
#include "thimble_kernel.h"

// As dot_sparse, of a byte for a weight: it and 8 more in the low bits, in the high ones the zeros
// that follow.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_z4(const int8_t *values, int mask, int count,
                                               const uint8_t **codes, int *left) {
  const uint8_t *code = *codes;
  int at = *left;
  int32_t sum = 0;
  while (at < count) {
    const uint8_t weight = THIMBLE_READ_U8(code);
    THIMBLE_STEP(code);
    sum += (int8_t)((weight & 15) - 8) * values[at & mask];
    at += 1 + (weight >> 4);
  }
  *codes = code;
  *left = at - count;
  return sum;
}

#endif
