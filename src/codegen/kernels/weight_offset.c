#ifndef THIMBLE_WEIGHT_OFFSET_C
#define THIMBLE_WEIGHT_OFFSET_C
#include "thimble_kernel.h"
#if THIMBLE_AS_CODE
#include "instructed_weight.c"
#endif

// Weight `i` of the `count` of output `c`, out of its block of four or its instructions
// (ops/offset_weights.h).
THIMBLE_KERNEL int32_t weight_offset(const THIMBLE_WEIGHT *weight, int i, int c, int count,
                                     int in_c, int out_c) {
#if THIMBLE_AS_CODE
  // Of each input three instructions, and five for each output; of each tap three more.
  (void)count;
  return instructed_weight(weight + (i * (3 + 5 * out_c) + i / in_c * 3 + 3 + 5 * c));
#else
  const int lanes = c / 4 < out_c / 4 ? 4 : 1;
  (void)in_c;
  return (int32_t)THIMBLE_READ_U8(weight + (c / lanes * lanes * count + i * lanes + c % lanes)) -
         128;
#endif
}

#endif
