#ifndef THIMBLE_WIDEN_COLUMNS_I8_C
#define THIMBLE_WIDEN_COLUMNS_I8_C
#include "thimble_kernel.h"
#include "widen_ones_i8.c"
#include "widen_two_i8.c"

// Writes `count` values of each of `columns` pixels, of those from column `left` on of a row of
// `width` and of those `half` columns further, as elements [at, at + count) of columns of `fours`
// (widen_two_i8). Beside the row they are `zeros`.
THIMBLE_KERNEL THIMBLE_NOINLINE void widen_columns_i8(int16_t *wide, int fours, int at, int count,
                                                      const int8_t *row, int pixel, int left,
                                                      int half, int columns, int width,
                                                      const int8_t *zeros) {
  const int end = left + columns;
  while (left < end) {
    const int right = left + half;
    const int8_t *a = left >= 0 && left < width ? row + left * pixel : zeros;
    const int8_t *b = right >= 0 && right < width ? row + right * pixel : zeros;
    /* As many as are inside of both, or one. */
    int next = left + 1;
    if (left >= 0 && right < width) next = width - half < end ? width - half : end;
    if (count % 4 == 0) {
      for (; left < next; ++left) {
        widen_two_i8(wide + 2 * at, a, b, count / 4);
        a += pixel;
        b += pixel;
        wide += 8 * fours;
      }
      continue;
    }
    for (int to = at; to < at + count; ++to) {
      widen_ones_i8(wide + (to / 4 * 8 + to % 2 * 4 + to / 2 % 2), 8 * fours, a + (to - at),
                    b + (to - at), pixel, next - left);
    }
    wide += 8 * fours * (next - left);
    left = next;
  }
}

#endif
