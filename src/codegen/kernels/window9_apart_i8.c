#ifndef THIMBLE_WINDOW9_APART_I8_C
#define THIMBLE_WINDOW9_APART_I8_C
#include "thimble_kernel.h"

// As window9_i8, of windows two columns apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_apart_i8(const int16_t *plane, int pitch,
                                                      const int8_t *weight, int pairs,
                                                      int32_t *sums) {
  for (int left = 2 * pairs; left > 0; --left) {
    int32_t sum = 0;
    for (int k = 0; k < 3; ++k) {
      sum += plane[k] * THIMBLE_READ_I8(weight + k);
      sum += plane[pitch + k] * THIMBLE_READ_I8(weight + 3 + k);
      sum += plane[2 * pitch + k] * THIMBLE_READ_I8(weight + 6 + k);
    }
    *sums = sum;
    sums += 4;
    plane += 2;
  }
}

#endif
