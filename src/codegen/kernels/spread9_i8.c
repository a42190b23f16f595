#ifndef THIMBLE_SPREAD9_I8_C
#define THIMBLE_SPREAD9_I8_C
#include "thimble_kernel.h"

// Writes value - zero of four neighbouring channels of three rows as halfwords [column][channel]
// [row 0, 1, 2, and one that is not read], of `columns` > 0 pixels `step` apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void spread9_i8(int16_t *planes, const int8_t *row_0,
                                                const int8_t *row_1, const int8_t *row_2, int step,
                                                int columns, int zero) {
  for (; columns > 0; --columns) {
    for (int k = 0; k < 4; ++k) {
      planes[0] = (int16_t)(row_0[k] - zero);
      planes[1] = (int16_t)(row_1[k] - zero);
      planes[2] = (int16_t)(row_2[k] - zero);
      planes += 4;
    }
    row_0 += step;
    row_1 += step;
    row_2 += step;
  }
}

#endif
