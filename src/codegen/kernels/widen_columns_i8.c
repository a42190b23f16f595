#ifndef THIMBLE_WIDEN_COLUMNS_I8_C
#define THIMBLE_WIDEN_COLUMNS_I8_C
#include "thimble_kernel.h"
#include "widen_two_i8.c"

// Writes `count` values of each of `columns` pixels, of those from column `left` on of a row of
// `width` and of those `half` columns further, as elements [at, at + count) of columns of `fours`
// (widen_two_i8). Beside the row they are `zeros`.
THIMBLE_KERNEL THIMBLE_NOINLINE void widen_columns_i8(int16_t *wide, int fours, int at, int count,
                                                      const int8_t *row, int pixel, int left,
                                                      int half, int columns, int width,
                                                      const int8_t *zeros) {
  const int is_whole = count % 4 == 0;
  for (; columns > 0; --columns) {
    const int right = left + half;
    const int8_t *const a = left >= 0 && left < width ? row + left * pixel : zeros;
    const int8_t *const b = right >= 0 && right < width ? row + right * pixel : zeros;
    if (is_whole) {
      widen_two_i8(wide + 2 * at, a, b, count / 4);
    } else {
      for (int i = 0; i < count; ++i) {
        const int to = at + i;
        int16_t *const both = wide + (to / 4 * 8 + to % 2 * 4 + to / 2 % 2);
        both[0] = a[i];
        both[2] = b[i];
      }
    }
    ++left;
    wide += 8 * fours;
  }
}

#endif
