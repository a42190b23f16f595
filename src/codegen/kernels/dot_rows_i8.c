#ifndef THIMBLE_DOT_ROWS_I8_C
#define THIMBLE_DOT_ROWS_I8_C
#include "dot_i8.c"
#include "thimble_kernel.h"

// The sums of weight * value over `count` > 0 neighbours, of `outputs` rows of weights, one after
// the other.
THIMBLE_KERNEL void dot_rows_i8(const int8_t *values, const int8_t *weight, int count, int outputs,
                                int32_t *sums) {
  for (; outputs > 0; --outputs) {
    *sums = dot_i8(values, weight, count);
    ++sums;
    weight += count;
  }
}

#endif
