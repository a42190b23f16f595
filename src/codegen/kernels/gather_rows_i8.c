#ifndef THIMBLE_GATHER_ROWS_I8_C
#define THIMBLE_GATHER_ROWS_I8_C
#include "thimble_kernel.h"

// Copies `count` values of each of `pixels` that are `from_step` apart to places `to_step` apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void gather_rows_i8(int8_t *to, int to_step, const int8_t *from,
                                                    int from_step, int pixels, int count) {
  for (int i = 0; i < count; ++i) {
    const int8_t *value = from + i;
    int8_t *place = to + i;
    for (int x = 0; x < pixels; ++x) {
      *place = *value;
      place += to_step;
      value += from_step;
    }
  }
}

#endif
