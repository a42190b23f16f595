#include "dot_i8.c"
#include "gate_q10.c"
#include "scale_i8.c"
#include "sigmoid_q14.c"
#include "tanh_q14.c"
#include "thimble_kernel.h"

// One row of an LSTM. State: cells times 2^11, then the last output row. Weight rows, four a unit
// (input, forget, cell, output gate), meet the input row and behind it the last output row. With
// cell_rows the cells follow in the output row.
// Biases have the zero points taken off.
THIMBLE_KERNEL void lstm_i8(int8_t *out, const int8_t *row0, int16_t *state, const int8_t *weight,
                            const int32_t *full_bias, const thimble_multiplier *multiplier,
                            const int8_t *shift, const int16_t *sigmoid, int in_count, int hidden,
                            int out_zero, int clip, int out_factor, int out_shift, int cell_rows,
                            int cell_factor, int cell_shift) {
  int8_t *last = (int8_t *)(state + hidden);
  for (int j = 0; j < hidden; ++j) {
    int16_t gate[4];
    for (int g = 0; g < 4; ++g) {
      int32_t sum = THIMBLE_READ_I32(full_bias) + dot_i8(row0, weight, in_count);
      weight += in_count;
      sum += dot_i8(last, weight, hidden);
      weight += hidden;
      gate[g] = gate_q10(sum, THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift), clip);
      ++full_bias;
      ++multiplier;
      ++shift;
    }
    const int32_t kept = (int32_t)sigmoid_q14(gate[1], sigmoid) * state[j];
    const int32_t added =
        (int32_t)sigmoid_q14(gate[0], sigmoid) * tanh_q14((int16_t)(2 * gate[2]), sigmoid);
    const int32_t cell = (kept + (added >> 3) + 8192) >> 14;
    state[j] = (int16_t)(cell < -32768 ? -32768 : cell > 32767 ? 32767 : cell);
    const int32_t shown =
        (int32_t)sigmoid_q14(gate[3], sigmoid) * tanh_q14(state[j], sigmoid) + 8192;
    out[j] = scale_i8((int)(shown >> 14), out_factor, out_shift, out_zero);
    if (cell_rows != 0) out[hidden + j] = scale_i8(state[j], cell_factor, cell_shift, out_zero);
  }
  for (int j = 0; j < hidden; ++j) {
    last[j] = out[j];
  }
}
