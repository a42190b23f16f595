#include "thimble_kernel.h"

// Starts the sums of a fully connected layer whose input arrives row by row.
THIMBLE_KERNEL void linear_begin_i8(int32_t *state, const int32_t *full_bias, int out_count) {
  for (int o = 0; o < out_count; ++o) {
    state[o] = THIMBLE_READ_I32(full_bias + o);
  }
}
