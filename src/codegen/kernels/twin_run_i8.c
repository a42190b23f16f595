#ifndef THIMBLE_TWIN_RUN_I8_C
#define THIMBLE_TWIN_RUN_I8_C
#include "thimble_kernel.h"

// Writes `count` words 65536 * second + first; the next ones are a step further on (1, or 0: one
// value again and again). Gives where the next one goes.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t *twin_run_i8(int32_t *words, const int8_t *first,
                                                     int first_step, const int8_t *second,
                                                     int second_step, int count) {
  for (; count > 0; --count) {
    *words = *second * 65536 + *first;
    ++words;
    first += first_step;
    second += second_step;
  }
  return words;
}

#endif
