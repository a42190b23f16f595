#include <math.h>

#include "clamp_f32.c"
#include "dot_f32.c"
#include "sigmoid_of_f32.c"
#include "thimble_kernel.h"

// One row of an LSTM. State: cells, then the last output row. Weight rows, four a unit (input,
// forget, cell, output gate), meet the input row and behind it the last output row. With cell_rows
// the cells follow in the output row.
THIMBLE_KERNEL void lstm_f32(float *out, const float *row0, float *state, const float *weight,
                             const float *bias, int in_count, int hidden, float act_min,
                             float act_max, int cell_rows) {
  float *last = state + hidden;
  for (int j = 0; j < hidden; ++j) {
    float gate[4];
    for (int g = 0; g < 4; ++g) {
      const float sum = dot_f32(row0, weight, in_count, THIMBLE_READ_F32(bias));
      weight += in_count;
      gate[g] = clamp_f32(dot_f32(last, weight, hidden, sum), act_min, act_max);
      weight += hidden;
      ++bias;
    }
    state[j] = sigmoid_of_f32(gate[1]) * state[j] + sigmoid_of_f32(gate[0]) * tanhf(gate[2]);
    out[j] = sigmoid_of_f32(gate[3]) * tanhf(state[j]);
    if (cell_rows != 0) out[hidden + j] = state[j];
  }
  for (int j = 0; j < hidden; ++j) {
    last[j] = out[j];
  }
}
