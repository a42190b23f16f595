#include "dot_i8.c"
#include "gate_q10.c"
#include "mix_q14.c"
#include "scale_i8.c"
#include "sigmoid_q14.c"
#include "tanh_q14.c"
#include "thimble_kernel.h"

// One row of a GRU whose reset gate scales what the new state takes of the last one. State: the
// last output row, times 2^14 and in the output's scale. Weight rows, three a unit (reset, update,
// new), meet the input row and behind it the last output row.
// Biases have the zero points taken off.
THIMBLE_KERNEL void gru_i8(int8_t *out, const int8_t *row0, int16_t *state, const int8_t *weight,
                           const int32_t *full_bias, const int32_t *reset_bias,
                           const thimble_multiplier *multiplier, const int8_t *shift,
                           const int16_t *sigmoid, int in_count, int hidden, int out_zero, int clip,
                           int out_factor, int out_shift) {
  int8_t *last = (int8_t *)(state + hidden);
  for (int j = 0; j < hidden; ++j) {
    int16_t gate[3];
    int16_t carried = 0;
    for (int g = 0; g < 3; ++g) {
      int32_t fresh = THIMBLE_READ_I32(full_bias) + dot_i8(row0, weight, in_count);
      weight += in_count;
      const int32_t sum = dot_i8(last, weight, hidden);
      weight += hidden;
      if (g == 2) {
        carried = gate_q10(sum + THIMBLE_READ_I32(reset_bias + j),
                           THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift), 16383);
      } else {
        fresh += sum;
      }
      gate[g] = gate_q10(fresh, THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift),
                         g == 2 ? 16383 : clip);
      ++full_bias;
      ++multiplier;
      ++shift;
    }
    const int32_t taken = ((int32_t)sigmoid_q14(gate[0], sigmoid) * carried + 8192) >> 14;
    const int32_t made = gate[2] + taken;
    const int16_t made_q10 = (int16_t)(made < -clip ? -clip : made > clip ? clip : made);
    state[j] = mix_q14(sigmoid_q14(gate[1], sigmoid), state[j],
                       tanh_q14((int16_t)(2 * made_q10), sigmoid));
    out[j] = scale_i8(state[j], out_factor, out_shift, out_zero);
  }
  for (int j = 0; j < hidden; ++j) {
    last[j] = out[j];
  }
}
