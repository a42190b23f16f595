#include "thimble_kernel.h"

// The state of a recurrent layer before its first row: what the network gives it.
THIMBLE_KERNEL void recurrent_load_f32(float *state, const float *in1, int hidden) {
  for (int j = 0; j < hidden; ++j) {
    state[j] = in1[j];
  }
}
