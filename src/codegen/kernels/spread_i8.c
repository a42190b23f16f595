#ifndef THIMBLE_SPREAD_I8_C
#define THIMBLE_SPREAD_I8_C
#include "thimble_kernel.h"

// Writes value - zero of four neighbouring channels, of `pixels` > 0 of them `step` apart, to four
// planes of halfwords, `pitch` apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void spread_i8(int16_t *plane, int pitch, const int8_t *values,
                                               int step, int pixels, int zero) {
  for (; pixels > 0; --pixels) {
    for (int k = 0; k < 4; ++k) {
      plane[k * pitch] = (int16_t)(values[k] - zero);
    }
    values += step;
    ++plane;
  }
}

#endif
