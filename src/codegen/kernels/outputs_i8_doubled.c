#ifndef THIMBLE_OUTPUTS_I8_DOUBLED_C
#define THIMBLE_OUTPUTS_I8_DOUBLED_C
#include "thimble_kernel.h"

// The int8 that `count` > 0 sums stand for by the two roundings of requant_q31.c
// (ops/rescaled_kernel.h): with doubled biases, and shifts to the right less 1.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_doubled(int8_t *out, const int32_t *sums, int count,
                                                        const int32_t *full_bias,
                                                        const thimble_multiplier *multiplier,
                                                        const int8_t *shift, int out_zero,
                                                        int act_min, int act_max) {
  do {
    --count;
    const int32_t sum = sums[count] * 2 + THIMBLE_READ_I32(full_bias + count);
    const int64_t product = (int64_t)sum * THIMBLE_READ_MULTIPLIER(multiplier + count);
    int32_t value = (int32_t)((product + ((int64_t)1 << 31)) >> 32);
    value = (value + (value >> 31)) >> THIMBLE_READ_I8(shift + count);
    value = (value + (2 * out_zero + 1)) >> 1;
    out[count] = (int8_t)(value < act_min ? act_min : value > act_max ? act_max : value);
  } while (count > 0);
}

#endif
