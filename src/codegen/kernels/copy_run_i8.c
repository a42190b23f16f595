#ifndef THIMBLE_COPY_RUN_I8_C
#define THIMBLE_COPY_RUN_I8_C
#include "thimble_kernel.h"

// Writes `count` neighbouring values. Gives where the next one goes.
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t *copy_run_i8(int8_t *to, const int8_t *values, int count) {
  for (; count > 0; --count) {
    *to = *values;
    ++to;
    ++values;
  }
  return to;
}

#endif
