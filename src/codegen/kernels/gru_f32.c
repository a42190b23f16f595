#include <math.h>

#include "clamp_f32.c"
#include "dot_f32.c"
#include "sigmoid_of_f32.c"
#include "thimble_kernel.h"

// One row of a GRU whose reset gate scales what the new state takes of the last one. State: the
// last output row. Weight rows, three a unit (reset, update, new), meet the input row and behind it
// the last output row.
THIMBLE_KERNEL void gru_f32(float *out, const float *row0, float *state, const float *weight,
                            const float *bias, const float *reset_bias, int in_count, int hidden,
                            float act_min, float act_max) {
  for (int j = 0; j < hidden; ++j) {
    float fresh[3];
    float carried[3];
    for (int g = 0; g < 3; ++g) {
      const float start = g < 2 ? 0.0f : THIMBLE_READ_F32(reset_bias + j);
      fresh[g] = dot_f32(row0, weight, in_count, THIMBLE_READ_F32(bias));
      weight += in_count;
      carried[g] = dot_f32(state, weight, hidden, start);
      weight += hidden;
      ++bias;
    }
    const float reset = sigmoid_of_f32(clamp_f32(fresh[0] + carried[0], act_min, act_max));
    const float update = sigmoid_of_f32(clamp_f32(fresh[1] + carried[1], act_min, act_max));
    const float made = tanhf(clamp_f32(fresh[2] + reset * carried[2], act_min, act_max));
    out[j] = update * state[j] + (1.0f - update) * made;
  }
  for (int j = 0; j < hidden; ++j) {
    state[j] = out[j];
  }
}
