#ifndef THIMBLE_DOTS_SPARSE_C
#define THIMBLE_DOTS_SPARSE_C
#include "dot_sparse.c"
#include "thimble_kernel.h"

// As dot_sparse of neighbours, for `pixels`, two to four, `step` apart: adds to their sums, of
// which there are four. The stream is moved on once.
THIMBLE_KERNEL void dots_sparse(const int8_t *values, int step, int pixels, int count,
                                const uint8_t **codes, int *left, int32_t *sums) {
  const uint8_t *const code = *codes;
  const int at = *left;
  for (; pixels > 0; --pixels) {
    *codes = code;
    *left = at;
    *sums += dot_sparse(values, -1, count, codes, left);
    ++sums;
    values += step;
  }
}

#endif
