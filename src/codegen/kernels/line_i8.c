#ifndef THIMBLE_LINE_I8_C
#define THIMBLE_LINE_I8_C
#include "thimble_kernel.h"

// The int8 that a sum stands for on the line of `end`: bias and multiplier, of 256 times the sum
// (ops/rescale_line.h); of the shift that most lines have.
THIMBLE_KERNEL int8_t line_i8(int32_t sum, const int32_t *end, int32_t zero) {
  const int32_t factor = sum * 256 + THIMBLE_READ_I32(end);
  const int64_t product = (int64_t)factor * THIMBLE_READ_I32(end + 1);
  const int32_t value = ((int32_t)(product >> 32) + zero) >> 10;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

#endif
