#ifndef THIMBLE_WINDOW9_I8_C
#define THIMBLE_WINDOW9_I8_C
#include "thimble_kernel.h"

// The sums of a window of three by three for `pairs` > 0 times two neighbouring pixels of a plane
// of halfwords whose rows are `pitch` apart. Sums are written four apart.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_i8(const int16_t *plane, int pitch,
                                                const int8_t *weight, int pairs, int32_t *sums) {
  for (int left = 2 * pairs; left > 0; --left) {
    int32_t sum = 0;
    for (int k = 0; k < 3; ++k) {
      sum += plane[k] * THIMBLE_READ_I8(weight + k);
      sum += plane[pitch + k] * THIMBLE_READ_I8(weight + 3 + k);
      sum += plane[2 * pitch + k] * THIMBLE_READ_I8(weight + 6 + k);
    }
    *sums = sum;
    sums += 4;
    ++plane;
  }
}

#endif
