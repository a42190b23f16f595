#ifndef THIMBLE_WIDEN_VECTOR_I8_C
#define THIMBLE_WIDEN_VECTOR_I8_C
#include "thimble_kernel.h"

// Writes `fours` > 0 times four values as halfwords: 0, 2, 1, 3.
THIMBLE_KERNEL void widen_vector_i8(int16_t *wide, const int8_t *values, int fours) {
  do {
    wide[0] = values[0];
    wide[1] = values[2];
    wide[2] = values[1];
    wide[3] = values[3];
    wide += 4;
    values += 4;
  } while (--fours > 0);
}

#endif
