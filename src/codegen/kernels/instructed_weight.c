#ifndef THIMBLE_INSTRUCTED_WEIGHT_C
#define THIMBLE_INSTRUCTED_WEIGHT_C
#include "thimble_kernel.h"

// The weight that five instructions multiply by and add or subtract (ops/offset_weights.h).
THIMBLE_KERNEL int32_t instructed_weight(const uint16_t *five) {
  const int size = (THIMBLE_READ_U16(five) >> 4 & 0xF0) | (THIMBLE_READ_U16(five) & 15);
  return THIMBLE_READ_U16(five + 2) >> 10 == 3 ? size : -size;
}

#endif
