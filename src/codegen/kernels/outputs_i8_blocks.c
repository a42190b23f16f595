#ifndef THIMBLE_OUTPUTS_I8_BLOCKS_C
#define THIMBLE_OUTPUTS_I8_BLOCKS_C
#include "thimble_kernel.h"

// The int8 that `count` > 0 sums stand for, each with its bias added (output_i8).
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8(int8_t *out, const int32_t *sums, int count,
                                                const int32_t *full_bias,
                                                const thimble_multiplier *multiplier,
                                                const int8_t *shift, int out_zero, int act_min,
                                                int act_max) {
  const int32_t low = act_min - out_zero, high = act_max - out_zero;
  do {
    --count;
    int32_t value = thimble_requant(sums[count] + THIMBLE_READ_I32(full_bias + count),
                                    THIMBLE_READ_MULTIPLIER(multiplier + count),
                                    THIMBLE_READ_I8(shift + count));
    if (value < low) value = low;
    if (value > high) value = high;
    out[count] = (int8_t)(value + out_zero);
  } while (count > 0);
}

#endif
