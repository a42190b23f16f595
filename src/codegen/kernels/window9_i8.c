#ifndef THIMBLE_WINDOW9_I8_C
#define THIMBLE_WINDOW9_I8_C
#include "thimble_kernel.h"

// The sums of a window of three by three for `threes` > 0 times three neighbouring pixels of four
// channels, whose values lie as spread9_i8 writes them, weights [channel][3][3]. Sums are written
// [pixel][8 channels], of which it makes four.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_i8(const int16_t *planes, const int8_t *weight,
                                                int threes, int32_t *sums) {
  for (int channel = 0; channel < 4; ++channel) {
    for (int x = 0; x < 3 * threes; ++x) {
      const int16_t *const window = planes + 16 * x;
      int32_t sum = 0;
      for (int k = 0; k < 9; ++k) sum += window[k % 3 * 16 + k / 3] * THIMBLE_READ_I8(weight + k);
      sums[8 * x] = sum;
    }
    planes += 4;
    weight += 9;
    ++sums;
  }
}

#endif
