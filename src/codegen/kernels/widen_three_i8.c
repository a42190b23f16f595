#ifndef THIMBLE_WIDEN_THREE_I8_C
#define THIMBLE_WIDEN_THREE_I8_C
#include "thimble_kernel.h"

// Writes `fours` > 0 times four values each of three pixels as halfwords: bytes 0 and 2 of each,
// then bytes 1 and 3.
THIMBLE_KERNEL void widen_three_i8(int16_t *wide, const int8_t *first, const int8_t *second,
                                   const int8_t *third, int fours) {
  do {
    for (int k = 0; k < 4; ++k) {
      int16_t *const to = wide + (k % 2 * 6 + k / 2);
      to[0] = first[k];
      to[2] = second[k];
      to[4] = third[k];
    }
    wide += 12;
    first += 4;
    second += 4;
    third += 4;
  } while (--fours > 0);
}

#endif
