#ifndef THIMBLE_WIDEN_I8_C
#define THIMBLE_WIDEN_I8_C
#include "thimble_kernel.h"

// Writes `fours` > 0 times four neighbouring values as halfwords: bytes 0 and 2, then, 4 halfwords
// on, 1 and 3; the next four follow after as many.
THIMBLE_KERNEL void widen_i8(int16_t *wide, const int8_t *values, int fours) {
  do {
    wide[0] = values[0];
    wide[1] = values[2];
    wide[4] = values[1];
    wide[5] = values[3];
    wide += 8;
    values += 4;
  } while (--fours > 0);
}

#endif
