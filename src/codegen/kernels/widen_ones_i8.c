#ifndef THIMBLE_WIDEN_ONES_I8_C
#define THIMBLE_WIDEN_ONES_I8_C
#include "thimble_kernel.h"

// Writes one value each of `columns` > 0 pixels `step` apart, of two runs of these, as halfwords 0
// and 2 of places `to_step` apart.
THIMBLE_KERNEL void widen_ones_i8(int16_t *both, int to_step, const int8_t *first,
                                  const int8_t *second, int step, int columns) {
  do {
    both[0] = *first;
    both[2] = *second;
    both += to_step;
    first += step;
    second += step;
  } while (--columns > 0);
}

#endif
