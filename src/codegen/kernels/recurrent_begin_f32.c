#include "thimble_kernel.h"

// The state of a recurrent layer before its first row: zeros.
THIMBLE_KERNEL void recurrent_begin_f32(float *state, int state_count) {
  for (int i = 0; i < state_count; ++i) {
    state[i] = 0.0f;
  }
}
