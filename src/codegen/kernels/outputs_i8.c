#ifndef THIMBLE_OUTPUTS_I8_C
#define THIMBLE_OUTPUTS_I8_C
#include "output_i8.c"
#include "thimble_kernel.h"

// The int8 that `count` sums stand for, from 1 to 255, each with its bias added.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8(int8_t *out, const int32_t *sums, int count,
                                                const int32_t *full_bias,
                                                const thimble_multiplier *multiplier,
                                                const int8_t *shift, int out_zero, int act_min,
                                                int act_max) {
  const int8_t *const end = out + count;
  do {
    *out = output_i8(*sums + THIMBLE_READ_I32(full_bias), THIMBLE_READ_MULTIPLIER(multiplier),
                     THIMBLE_READ_I8(shift), out_zero, act_min, act_max);
    ++sums;
    ++full_bias;
    ++multiplier;
    ++shift;
    ++out;
  } while (out != end);
}

#endif
