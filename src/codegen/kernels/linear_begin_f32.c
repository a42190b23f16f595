#include "thimble_kernel.h"

// Starts the sums of a fully connected layer whose input arrives row by row.
THIMBLE_KERNEL void linear_begin_f32(float *state, const float *bias, int out_count) {
  for (int o = 0; o < out_count; ++o) {
    state[o] = THIMBLE_READ_F32(bias + o);
  }
}
