#ifndef THIMBLE_LANES_SPARSE_C
#define THIMBLE_LANES_SPARSE_C
#include "dot_sparse.c"
#include "thimble_kernel.h"

// As dot_sparse of neighbours, for `pixels`, one to eight, `step` apart: adds to their sums, which
// are `pitch` apart. Of fewer than eight the sums of the others are nothing. The stream is moved on
// once.
THIMBLE_KERNEL void lanes_sparse(const int8_t *values, int step, int pixels, int count,
                                 const uint8_t **codes, int *left, int32_t *sums, int pitch) {
  const uint8_t *const code = *codes;
  const int at = *left;
  for (; pixels > 0; --pixels) {
    *codes = code;
    *left = at;
    *sums += dot_sparse(values, -1, count, codes, left);
    sums += pitch;
    values += step;
  }
}

#endif
