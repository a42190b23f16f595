#ifndef THIMBLE_SUM_WINDOW_I8_C
#define THIMBLE_SUM_WINDOW_I8_C
#include "sum_i8.c"
#include "thimble_kernel.h"

// Sum of a window's values: of `rows` rows of a ring, `taps` values each in runs of `run`, `pixel`
// apart, from `column` on. The first two rows are `row` and `next_row` from `values` on, the others
// `pitch` apart.
THIMBLE_KERNEL int32_t sum_window_i8(const int8_t *values, int column, int row, int next_row,
                                     int pitch, int ring, int rows, int taps, int run, int pixel) {
  int32_t sum = 0;
  for (; rows > 0; --rows) {
    const int8_t *a = values + (row + column);
    for (int left = taps; left > 0; left -= run) {
      sum += sum_i8(a, run);
      a += pixel;
    }
    row = next_row;
    next_row += pitch;
    if (next_row == ring) next_row = 0;
  }
  return sum;
}

#endif
