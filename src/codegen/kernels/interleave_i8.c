#ifndef THIMBLE_INTERLEAVE_I8_C
#define THIMBLE_INTERLEAVE_I8_C
#include "thimble_kernel.h"

// Writes `columns` > 0 columns of up to sixteen channels of three rows interleaved, 64 bytes a
// column: of each channel four, of which the last is nothing. A row's columns are its step apart.
THIMBLE_KERNEL void interleave_i8(int8_t *to, const int8_t *const *rows, const int *steps,
                                  int columns, int channels) {
  for (int column = 0; column < columns; ++column) {
    for (int c = 0; c < channels; ++c) {
      for (int k = 0; k < 3; ++k) to[4 * c + k] = rows[k][column * steps[k] + c];
    }
    to += 64;
  }
}

#endif
