#include "dot_f32.c"
#include "thimble_kernel.h"

// Adds pixels [x0, x1) of input row y (in_row_count of the in_count flat inputs) to every output's
// sum.
THIMBLE_KERNEL void linear_fold_f32(float *state, const float *row0, int y, int x0, int x1,
                                    const float *weight, int in_c, int in_row_count, int in_count,
                                    int out_count) {
  const float *w = weight + (y * in_row_count + x0 * in_c);
  const int count = (x1 - x0) * in_c;
  for (int o = 0; o < out_count; ++o) {
    state[o] = dot_f32(row0, w, count, state[o]);
    w += in_count;
  }
}
