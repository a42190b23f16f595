#ifndef THIMBLE_DOT_STRIDED_PACKED_C
#define THIMBLE_DOT_STRIDED_PACKED_C
#include "level_packed.c"
#include "thimble_kernel.h"

// As dot_strided_i8, of the weights w_low + w_step * level of one lane.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_strided_packed(const int8_t *values, int step,
                                                           const uint8_t *weight, int lane,
                                                           int count, int zero, int w_low,
                                                           int w_step) {
  int32_t sum = 0;
  for (; count > 0; --count) {
    sum += (w_low + w_step * level_packed(THIMBLE_READ_U8(weight), lane)) * (*values - zero);
    ++weight;
    values += step;
  }
  return sum;
}

#endif
