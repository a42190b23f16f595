#ifndef THIMBLE_COLUMN_DOTS_I8_C
#define THIMBLE_COLUMN_DOTS_I8_C
#include "thimble_kernel.h"

// The sums of weight * value of four channels for each of `pixels` > 0 windows, of columns as
// interleave_i8 writes them; a window's first is `step` bytes behind the one's before, its sums are
// sixteen behind. taps[4 * column + row] is the number of a weight among the channel's `count`, or
// 255: there is none.
THIMBLE_KERNEL void column_dots_i8(const int8_t *columns, int step, const int8_t *weight,
                                   const uint8_t *taps, int count, int pixels, int32_t *sums) {
  for (; pixels > 0; --pixels) {
    for (int k = 0; k < 4; ++k) {
      sums[k] = 0;
      for (int i = 0; i < 16; ++i) {
        const int tap = THIMBLE_READ_U8(taps + i);
        if (tap == 255) continue;
        const int value = columns[i / 4 * 64 + 4 * k + i % 4];
        sums[k] += value * THIMBLE_READ_I8(weight + k * count + tap);
      }
    }
    columns += step;
    sums += 16;
  }
}

#endif
