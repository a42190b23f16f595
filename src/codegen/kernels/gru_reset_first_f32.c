#include <math.h>

#include "clamp_f32.c"
#include "dot_f32.c"
#include "sigmoid_of_f32.c"
#include "thimble_kernel.h"

// One row of a GRU whose reset gate scales the last output row before the new state's weights.
// State: the last output row; workspace: the same scaled. Weight rows, three a unit (reset, update,
// new), meet the input row and behind it the last output row.
THIMBLE_KERNEL void gru_reset_first_f32(float *out, const float *row0, float *state, float *work,
                                        const float *weight, const float *bias, int in_count,
                                        int hidden, float act_min, float act_max) {
  const int width = in_count + hidden;
  const float *reset_row = weight;
  for (int j = 0; j < hidden; ++j) {
    const float fresh = dot_f32(row0, reset_row, in_count, THIMBLE_READ_F32(bias + 3 * j));
    const float sum = dot_f32(state, reset_row + in_count, hidden, fresh);
    work[j] = sigmoid_of_f32(clamp_f32(sum, act_min, act_max)) * state[j];
    reset_row += 3 * width;
  }
  for (int j = 0; j < hidden; ++j) {
    weight += width;
    const float update = dot_f32(row0, weight, in_count, THIMBLE_READ_F32(bias + 3 * j + 1));
    const float update_sum = dot_f32(state, weight + in_count, hidden, update);
    weight += width;
    const float made = dot_f32(row0, weight, in_count, THIMBLE_READ_F32(bias + 3 * j + 2));
    const float made_sum = dot_f32(work, weight + in_count, hidden, made);
    weight += width;
    const float share = sigmoid_of_f32(clamp_f32(update_sum, act_min, act_max));
    out[j] = share * state[j] + (1.0f - share) * tanhf(clamp_f32(made_sum, act_min, act_max));
  }
  for (int j = 0; j < hidden; ++j) {
    state[j] = out[j];
  }
}
