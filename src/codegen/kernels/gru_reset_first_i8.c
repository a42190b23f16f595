#include "dot_i8.c"
#include "gate_q10.c"
#include "mix_q14.c"
#include "scale_i8.c"
#include "sigmoid_q14.c"
#include "tanh_q14.c"
#include "thimble_kernel.h"

// One row of a GRU whose reset gate scales the last output row before the new state's weights.
// State: the last output row, times 2^14 and in the output's scale; workspace: the latter scaled.
// Weight rows, three a unit (reset, update, new), meet the input row and behind it the last output
// row.
// Biases have the zero points taken off.
THIMBLE_KERNEL void gru_reset_first_i8(int8_t *out, const int8_t *row0, int16_t *state,
                                       int8_t *work, const int8_t *weight, const int32_t *full_bias,
                                       const thimble_multiplier *multiplier, const int8_t *shift,
                                       const int16_t *sigmoid, int in_count, int hidden,
                                       int out_zero, int clip, int out_factor, int out_shift) {
  int8_t *last = (int8_t *)(state + hidden);
  const int width = in_count + hidden;
  int row = 0;
  for (int j = 0; j < hidden; ++j) {
    const int8_t *w = weight + row * width;
    const int32_t sum = THIMBLE_READ_I32(full_bias + row) + dot_i8(row0, w, in_count) +
                        dot_i8(last, w + in_count, hidden);
    const int16_t reset = gate_q10(sum, THIMBLE_READ_MULTIPLIER(multiplier + row),
                                   THIMBLE_READ_I8(shift + row), clip);
    const int32_t kept = (int32_t)sigmoid_q14(reset, sigmoid) * (last[j] - out_zero) + 8192;
    work[j] = (int8_t)((kept >> 14) + out_zero);
    row += 3;
  }
  row = 1;
  for (int j = 0; j < hidden; ++j) {
    int16_t gate[2];
    for (int g = 0; g < 2; ++g) {
      const int8_t *w = weight + row * width;
      const int32_t sum = THIMBLE_READ_I32(full_bias + row) + dot_i8(row0, w, in_count) +
                          dot_i8(g == 0 ? last : work, w + in_count, hidden);
      gate[g] = gate_q10(sum, THIMBLE_READ_MULTIPLIER(multiplier + row),
                         THIMBLE_READ_I8(shift + row), clip);
      ++row;
    }
    ++row;
    state[j] =
        mix_q14(sigmoid_q14(gate[0], sigmoid), state[j], tanh_q14((int16_t)(2 * gate[1]), sigmoid));
    out[j] = scale_i8(state[j], out_factor, out_shift, out_zero);
  }
  for (int j = 0; j < hidden; ++j) {
    last[j] = out[j];
  }
}
