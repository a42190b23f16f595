#ifndef THIMBLE_DOT_I8_C
#define THIMBLE_DOT_I8_C
#include "thimble_kernel.h"

// As dot_i8.c, bit by bit of the weight; the last one counts negative. A multiplication by library
// function goes through the bits of an int, 32 where it is negative.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  const int8_t *const end = values + count;
  int32_t sum = 0;
  while (values != end) {
    const unsigned bits = (unsigned)THIMBLE_READ_I8(weight);
    int32_t value = *values;
    if (bits & 1) sum += value;
    value *= 2;
    if (bits & 2) sum += value;
    value *= 2;
    if (bits & 4) sum += value;
    value *= 2;
    if (bits & 8) sum += value;
    value *= 2;
    if (bits & 16) sum += value;
    value *= 2;
    if (bits & 32) sum += value;
    value *= 2;
    if (bits & 64) sum += value;
    value *= 2;
    if (bits & 128) sum -= value;
    THIMBLE_STEP(weight);
    THIMBLE_STEP(values);
  }
  return sum;
}

#endif
