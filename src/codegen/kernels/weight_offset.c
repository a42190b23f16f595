#ifndef THIMBLE_WEIGHT_OFFSET_C
#define THIMBLE_WEIGHT_OFFSET_C
#include "thimble_kernel.h"

// Weight `i` of the `count` of output `c`, out of its block of four (ops/offset_weights.h).
THIMBLE_KERNEL int32_t weight_offset(const uint8_t *weight, int i, int c, int count, int out_c) {
  const int lanes = c / 4 < out_c / 4 ? 4 : 1;
  return (int32_t)THIMBLE_READ_U8(weight + (c / lanes * lanes * count + i * lanes + c % lanes)) -
         128;
}

#endif
