#ifndef THIMBLE_LEVEL_PACKED_C
#define THIMBLE_LEVEL_PACKED_C
#include "thimble_kernel.h"

// The level of one lane of a code.
THIMBLE_KERNEL int level_packed(uint8_t code, int lane) {
  return code >> (lane * THIMBLE_BITS) & ((1 << THIMBLE_BITS) - 1);
}

#endif
