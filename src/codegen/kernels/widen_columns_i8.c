#ifndef THIMBLE_WIDEN_COLUMNS_I8_C
#define THIMBLE_WIDEN_COLUMNS_I8_C
#include "thimble_kernel.h"
#include "widen_i8.c"

// Writes `count` values of each of `columns` pixels, from column `left` on of a row of `width`, as
// elements [at, at + count) of columns of `fours` (widen_i8). Beside the row they are `zero`.
THIMBLE_KERNEL THIMBLE_NOINLINE void widen_columns_i8(int16_t *wide, int fours, int at, int count,
                                                      const int8_t *row, int pixel, int left,
                                                      int columns, int width, int zero) {
  const int8_t *values = row + left * pixel;
  const int is_whole = count % 4 == 0;
  for (const int end = left + columns; left < end; ++left) {
    const int is_inside = left >= 0 && left < width;
    if (is_whole && is_inside) {
      widen_i8(wide + 2 * at, values, count / 4);
    } else {
      for (int i = at; i < at + count; ++i) {
        wide[i / 4 * 8 + i % 2 * 4 + i / 2 % 2] = (int16_t)(is_inside ? values[i - at] : zero);
      }
    }
    values += pixel;
    wide += 8 * fours;
  }
}

#endif
