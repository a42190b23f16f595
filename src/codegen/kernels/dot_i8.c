#ifndef THIMBLE_DOT_I8_C
#define THIMBLE_DOT_I8_C
#include "thimble_kernel.h"

// Sum of weight * value over `count` neighbours. A product of two int8 fits 16 bits, so an 8-bit
// machine needs one multiplication.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  int32_t sum = 0;
  for (; count > 0; --count) {
    sum += THIMBLE_READ_I8(weight) * *values;
    ++weight;
    ++values;
  }
  return sum;
}

#endif
