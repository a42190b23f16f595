#ifndef THIMBLE_LINE_I8_C
#define THIMBLE_LINE_I8_C
#include "line_end_i8.c"
#include "thimble_kernel.h"

// The int8 that a sum stands for on the line of `end`: bias and multiplier, of 256 times the sum.
THIMBLE_KERNEL int8_t line_i8(int32_t sum, const int32_t *end, int32_t zero) {
  return line_end_i8(sum * 256 + THIMBLE_READ_I32(end), THIMBLE_READ_I32(end + 1), zero);
}

#endif
