#include "dot_i8.c"
#include "output_i8.c"
#include "thimble_kernel.h"

// One row of a plain recurrent layer with ReLU. State: the last output row. A weight row a unit
// meets the input row and behind it the last output row.
// Biases have the zero points taken off.
THIMBLE_KERNEL void rnn_relu_i8(int8_t *out, const int8_t *row0, int8_t *state,
                                const int8_t *weight, const int32_t *full_bias,
                                const thimble_multiplier *multiplier, const int8_t *shift,
                                int in_count, int hidden, int out_zero, int act_min, int act_max) {
  for (int j = 0; j < hidden; ++j) {
    int32_t sum = THIMBLE_READ_I32(full_bias + j) + dot_i8(row0, weight, in_count);
    weight += in_count;
    sum += dot_i8(state, weight, hidden);
    weight += hidden;
    out[j] = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + j), THIMBLE_READ_I8(shift + j),
                       out_zero, act_min, act_max);
  }
  for (int j = 0; j < hidden; ++j) {
    state[j] = out[j];
  }
}
