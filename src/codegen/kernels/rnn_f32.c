#include <math.h>

#include "clamp_f32.c"
#include "dot_f32.c"
#include "thimble_kernel.h"

// specialise: rectified
// One row of a plain recurrent layer. State: the last output row. A weight row a unit meets the
// input row and behind it the last output row; the activation is tanh, or ReLU where rectified.
THIMBLE_KERNEL void rnn_f32(float *out, const float *row0, float *state, const float *weight,
                            const float *bias, int in_count, int hidden, float act_min,
                            float act_max, int rectified) {
  for (int j = 0; j < hidden; ++j) {
    float sum = dot_f32(row0, weight, in_count, THIMBLE_READ_F32(bias + j));
    weight += in_count;
    sum = clamp_f32(dot_f32(state, weight, hidden, sum), act_min, act_max);
    weight += hidden;
    out[j] = rectified == 0 ? tanhf(sum) : sum > 0.0f ? sum : 0.0f;
  }
  for (int j = 0; j < hidden; ++j) {
    state[j] = out[j];
  }
}
