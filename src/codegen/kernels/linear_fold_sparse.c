#include "dot_sparse.c"
#include "thimble_kernel.h"

// As linear_fold_i8, of a stream of sparse weights [out][element of the row] (dot_sparse) for each
// input row: row y's from `start` y on. What lies beside the pixels to be added is read as zeros.
THIMBLE_KERNEL void linear_fold_sparse(int32_t *state, const int8_t *row0, int y, int x0, int x1,
                                       const uint8_t *weight, const int16_t *start, int in_c,
                                       int in_row_count, int out_count, int w_step) {
  const int8_t zero = 0;
  const uint8_t *codes = weight + THIMBLE_READ_I16(start + y);
  int left = 0;
  for (int o = 0; o < out_count; ++o) {
    dot_sparse(&zero, 0, x0 * in_c, &codes, &left);
    state[o] += w_step * dot_sparse(row0, -1, (x1 - x0) * in_c, &codes, &left);
    dot_sparse(&zero, 0, in_row_count - x1 * in_c, &codes, &left);
  }
}
