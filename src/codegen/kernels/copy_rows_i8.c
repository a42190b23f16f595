#ifndef THIMBLE_COPY_ROWS_I8_C
#define THIMBLE_COPY_ROWS_I8_C
#include "thimble_kernel.h"

// Writes `rows` > 0 runs of `count` > 0 neighbouring values, which are `pitch` apart, those that
// are written `to_pitch`.
THIMBLE_KERNEL THIMBLE_NOINLINE void copy_rows_i8(int8_t *to, int to_pitch, const int8_t *values,
                                                  int pitch, int count, int rows) {
  for (; rows > 0; --rows) {
    for (int i = 0; i < count; ++i) to[i] = values[i];
    to += to_pitch;
    values += pitch;
  }
}

#endif
