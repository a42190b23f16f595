#ifndef THIMBLE_WINDOW9_APART_I8_C
#define THIMBLE_WINDOW9_APART_I8_C
#include "thimble_kernel.h"

// As window9_i8, of `pixels` > 0 windows two columns apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_apart_i8(const int16_t *planes, const int8_t *weight,
                                                      int pixels, int32_t *sums) {
  for (int channel = 0; channel < 4; ++channel) {
    for (int x = 0; x < pixels; ++x) {
      const int16_t *const window = planes + 32 * x;
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
