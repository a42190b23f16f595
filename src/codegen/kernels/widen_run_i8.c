#ifndef THIMBLE_WIDEN_RUN_I8_C
#define THIMBLE_WIDEN_RUN_I8_C
#include "thimble_kernel.h"
#include "widen_i8.c"

// Writes `count` values, `step` apart (1, or 0: one value again and again), as elements [at, at +
// count) of what widen_i8 makes. Gives the next element's number.
THIMBLE_KERNEL THIMBLE_NOINLINE int widen_run_i8(int16_t *wide, int at, const int8_t *values,
                                                 int step, int count) {
  const int end = at + count;
  if (step == 1 && at % 4 == 0 && count >= 4) {
    widen_i8(wide + 2 * at, values, count / 4);
    at += count / 4 * 4;
    values += count / 4 * 4;
  }
  for (; at < end; ++at) {
    wide[at / 4 * 8 + at % 2 * 4 + at / 2 % 2] = *values;
    values += step;
  }
  return end;
}

#endif
