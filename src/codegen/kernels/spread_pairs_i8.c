#ifndef THIMBLE_SPREAD_PAIRS_I8_C
#define THIMBLE_SPREAD_PAIRS_I8_C
#include "thimble_kernel.h"

// Writes 256 times the values of four neighbouring channels of three rows as halfwords [two
// columns] [channel][row 0 and 1 of the first column, of the second, row 2 of both], of `columns` >
// 0 pixels `step` apart. Of an odd number the last has `zero` beside it.
THIMBLE_KERNEL THIMBLE_NOINLINE void spread_pairs_i8(int16_t *planes, const int8_t *row_0,
                                                     const int8_t *row_1, const int8_t *row_2,
                                                     int step, int columns, int zero) {
  for (int x = 0; x < columns; x += 2) {
    for (int k = 0; k < 4; ++k) {
      const int second = k + step, both = x + 1 < columns;
      planes[0] = (int16_t)(row_0[k] * 256);
      planes[1] = (int16_t)(row_1[k] * 256);
      planes[2] = (int16_t)((both ? row_0[second] : zero) * 256);
      planes[3] = (int16_t)((both ? row_1[second] : zero) * 256);
      planes[4] = (int16_t)(row_2[k] * 256);
      planes[5] = (int16_t)((both ? row_2[second] : zero) * 256);
      planes += 6;
    }
    row_0 += 2 * step;
    row_1 += 2 * step;
    row_2 += 2 * step;
  }
}

#endif
