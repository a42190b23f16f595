#ifndef THIMBLE_SUM_OUTSIDE_I8_C
#define THIMBLE_SUM_OUTSIDE_I8_C
#include "thimble_kernel.h"

// Sum of the weights in [weight, end) less `rows` runs of `run` of them, `pitch` apart, the first
// at `inside`: those of a filter that meet no input at a border.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_outside_i8(const int8_t *weight, const int8_t *end,
                                                       const int8_t *inside, int run, int pitch,
                                                       int rows) {
  int32_t sum = 0;
  for (;;) {
    const int8_t *const stop = rows > 0 ? inside : end;
    while (weight != stop) {
      sum += THIMBLE_READ_I8(weight);
      THIMBLE_STEP(weight);
    }
    if (rows <= 0) return sum;
    weight += run;
    inside += pitch;
    --rows;
  }
}

#endif
