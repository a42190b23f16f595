#ifndef THIMBLE_WIDEN_TWO_I8_C
#define THIMBLE_WIDEN_TWO_I8_C
#include "thimble_kernel.h"

// Writes `fours` > 0 times four values each of two pixels as halfwords: bytes 0 and 2 of the one,
// of the other, then bytes 1 and 3 of each.
THIMBLE_KERNEL void widen_two_i8(int16_t *wide, const int8_t *first, const int8_t *second,
                                 int fours) {
  do {
    for (int k = 0; k < 4; ++k) {
      wide[k % 2 * 4 + k / 2] = first[k];
      wide[k % 2 * 4 + k / 2 + 2] = second[k];
    }
    wide += 8;
    first += 4;
    second += 4;
  } while (--fours > 0);
}

#endif
