#include "thimble_kernel.h"

// The state of a recurrent layer before its first row: zeros, fine_count of them in 16 bits, then
// the last output row, of which out_zero stands for zero.
THIMBLE_KERNEL void recurrent_begin_i8(int16_t *state, int fine_count, int hidden, int out_zero) {
  int8_t *last = (int8_t *)(state + fine_count);
  for (int i = 0; i < fine_count; ++i) {
    state[i] = 0;
  }
  for (int j = 0; j < hidden; ++j) {
    last[j] = (int8_t)out_zero;
  }
}
