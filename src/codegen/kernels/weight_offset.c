#ifndef THIMBLE_WEIGHT_OFFSET_C
#define THIMBLE_WEIGHT_OFFSET_C
#include "thimble_kernel.h"

// Weight `i` of the `count` of output `c`, out of its block of four or its instructions
// (ops/offset_weights.h).
THIMBLE_KERNEL int32_t weight_offset(const THIMBLE_WEIGHT *weight, int i, int c, int count,
                                     int in_c, int out_c) {
#if THIMBLE_AS_CODE
  // Of each input two instructions, and five for each output; of each tap three more.
  const THIMBLE_WEIGHT *const five = weight + (i * (2 + 5 * out_c) + i / in_c * 3 + 2 + 5 * c);
  const int size = (THIMBLE_READ_U16(five) >> 4 & 0xF0) | (THIMBLE_READ_U16(five) & 15);
  (void)count;
  return THIMBLE_READ_U16(five + 2) >> 10 == 3 ? size : -size;
#else
  const int lanes = c / 4 < out_c / 4 ? 4 : 1;
  (void)in_c;
  return (int32_t)THIMBLE_READ_U8(weight + (c / lanes * lanes * count + i * lanes + c % lanes)) -
         128;
#endif
}

#endif
