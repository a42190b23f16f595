#include "dot_i8.c"
#include "thimble_kernel.h"

// Adds input row y (in_row_count of the in_count flat inputs) to every output's sum.
THIMBLE_KERNEL void linear_fold_i8(int32_t *state, const int8_t *row0, int y, const int8_t *weight,
                                   int in_row_count, int in_count, int out_count) {
  const int8_t *w = weight + y * in_row_count;
  for (int o = 0; o < out_count; ++o) {
    state[o] += dot_i8(row0, w, in_row_count);
    w += in_count;
  }
}
