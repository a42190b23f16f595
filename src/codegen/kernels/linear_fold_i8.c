#include "dot_i8.c"
#include "thimble_kernel.h"

// Adds pixels [x0, x1) of input row y (in_row_count of the in_count flat inputs) to every output's
// sum.
THIMBLE_KERNEL void linear_fold_i8(int32_t *state, const int8_t *row0, int y, int x0, int x1,
                                   const int8_t *weight, int in_c, int in_row_count, int in_count,
                                   int out_count) {
  const int8_t *w = weight + (y * in_row_count + x0 * in_c);
  const int count = (x1 - x0) * in_c;
  for (int o = 0; o < out_count; ++o) {
    state[o] += dot_i8(row0, w, count);
    w += in_count;
  }
}
