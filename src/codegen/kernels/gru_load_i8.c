#include "scale_i16.c"
#include "scale_i8.c"
#include "thimble_kernel.h"

// The state of a GRU before its first row, as the network gives it: times 2^14, and in the output's
// scale.
THIMBLE_KERNEL void gru_load_i8(int16_t *state, const int8_t *in1, int hidden, int out_zero,
                                int h_zero, int h_factor, int h_shift, int fine_factor,
                                int fine_shift) {
  int8_t *last = (int8_t *)(state + hidden);
  for (int j = 0; j < hidden; ++j) {
    state[j] = scale_i16(in1[j] - h_zero, fine_factor, fine_shift);
    last[j] = scale_i8(in1[j] - h_zero, h_factor, h_shift, out_zero);
  }
}
