#include "scale_i8.c"
#include "thimble_kernel.h"

// The state of a recurrent layer before its first row, as the network gives it: in the output's
// scale.
THIMBLE_KERNEL void recurrent_load_i8(int8_t *state, const int8_t *in1, int hidden, int out_zero,
                                      int h_zero, int h_factor, int h_shift) {
  for (int j = 0; j < hidden; ++j) {
    state[j] = scale_i8(in1[j] - h_zero, h_factor, h_shift, out_zero);
  }
}
