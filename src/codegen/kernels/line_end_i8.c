#ifndef THIMBLE_LINE_END_I8_C
#define THIMBLE_LINE_END_I8_C
#include "thimble_kernel.h"

// The int8 that 256 times a sum and the line's bias stand for (ops/rescale_line.h), of the shift
// that most lines have.
THIMBLE_KERNEL int8_t line_end_i8(int32_t factor, int32_t multiplier, int32_t zero) {
  const int64_t product = (int64_t)factor * multiplier;
  const int32_t value = ((int32_t)(product >> 32) + zero) >> 10;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

#endif
