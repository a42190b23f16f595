#ifndef THIMBLE_LANES_I8_C
#define THIMBLE_LANES_I8_C
#include "thimble_kernel.h"

// Adds to four sums, those of neighbouring channels, weight * (value - zero) of `count` taps `step`
// apart. The next channel's weights are `pitch` further on.
THIMBLE_KERNEL void lanes_i8(const int8_t *values, int step, const int8_t *weight, int pitch,
                             int count, int zero, int32_t *sums) {
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  for (; count > 0; --count) {
    sum_0 += THIMBLE_READ_I8(weight) * (values[0] - zero);
    sum_1 += THIMBLE_READ_I8(weight + pitch) * (values[1] - zero);
    sum_2 += THIMBLE_READ_I8(weight + 2 * pitch) * (values[2] - zero);
    sum_3 += THIMBLE_READ_I8(weight + 3 * pitch) * (values[3] - zero);
    ++weight;
    values += step;
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
