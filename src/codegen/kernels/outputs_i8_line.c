#ifndef THIMBLE_OUTPUTS_I8_LINE_C
#define THIMBLE_OUTPUTS_I8_LINE_C
#include "thimble_kernel.h"

// The int8 that `count` > 0 sums stand for, where one line runs through all their steps
// (ops/rescale_line.h): bias and line are those of 256 times the sum, the zero point is in
// `out_zero`, which is 2^shift times the output's.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_line(int8_t *out, const int32_t *sums, int count,
                                                     const int32_t *full_bias,
                                                     const int32_t *multiplier, int shift,
                                                     int32_t out_zero) {
  do {
    --count;
    const int32_t sum = sums[count] * 256 + THIMBLE_READ_I32(full_bias + count);
    const int64_t product = (int64_t)sum * THIMBLE_READ_I32(multiplier + count);
    const int32_t value = ((int32_t)(product >> 32) + out_zero) >> shift;
    out[count] = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
  } while (count > 0);
}

#endif
