#include "dot_i8.c"
#include "gate_q10.c"
#include "scale_i8.c"
#include "tanh_q14.c"
#include "thimble_kernel.h"

// One row of a plain recurrent layer with tanh. State: the last output row. A weight row a unit
// meets the input row and behind it the last output row.
// Biases have the zero points taken off.
THIMBLE_KERNEL void rnn_i8(int8_t *out, const int8_t *row0, int8_t *state, const int8_t *weight,
                           const int32_t *full_bias, const thimble_multiplier *multiplier,
                           const int8_t *shift, const int16_t *sigmoid, int in_count, int hidden,
                           int out_zero, int clip, int out_factor, int out_shift) {
  for (int j = 0; j < hidden; ++j) {
    int32_t sum = THIMBLE_READ_I32(full_bias + j) + dot_i8(row0, weight, in_count);
    weight += in_count;
    sum += dot_i8(state, weight, hidden);
    weight += hidden;
    const int16_t gate =
        gate_q10(sum, THIMBLE_READ_MULTIPLIER(multiplier + j), THIMBLE_READ_I8(shift + j), clip);
    out[j] = scale_i8(tanh_q14((int16_t)(2 * gate), sigmoid), out_factor, out_shift, out_zero);
  }
  for (int j = 0; j < hidden; ++j) {
    state[j] = out[j];
  }
}
