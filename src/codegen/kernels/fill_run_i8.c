#ifndef THIMBLE_FILL_RUN_I8_C
#define THIMBLE_FILL_RUN_I8_C
#include "thimble_kernel.h"

// Writes `count` times the same value. Gives where the next one goes.
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t *fill_run_i8(int8_t *to, int value, int count) {
  for (; count > 0; --count) {
    *to = (int8_t)value;
    ++to;
  }
  return to;
}

#endif
