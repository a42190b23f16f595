#ifndef THIMBLE_OUTPUT_I8_C
#define THIMBLE_OUTPUT_I8_C
#include "thimble_kernel.h"

// As output_i8.c, where rescaling is dear: what an activation cuts off at zero is not rescaled.
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t output_i8(int32_t sum, thimble_multiplier multiplier,
                                                 int8_t shift, int out_zero, int act_min,
                                                 int act_max) {
  if (sum < 0 && act_min >= out_zero) return (int8_t)act_min;
  const int32_t value = thimble_requant(sum, multiplier, shift);
  if (value < act_min - out_zero) return (int8_t)act_min;
  if (value > act_max - out_zero) return (int8_t)act_max;
  return (int8_t)(value + out_zero);
}

#endif
