#ifndef THIMBLE_WINDOW_C8_C
#define THIMBLE_WINDOW_C8_C
#include "instructed_weight.c"
#include "offset_output.c"
#include "thimble_kernel.h"

// All outputs of `pixels` pixels, at least one and at most 255, by weights as instructions
// (ops/offset_weights.h). The first one's window is `row_count` rows of `columns` taps, of `in_c`
// values each with `gap` between them, from `column` on; where a count is not above 0 it is empty.
// Its first row is at `first_row`, the next one at `next_row`, those after it each `in0_row`
// further on, up to `in0_end` and then from 0 again. Of an output's `taps` it meets those from
// `before` on, of each `row_taps` of them as many as there are columns.
THIMBLE_KERNEL THIMBLE_INLINE void window_c8(int8_t *out, int out_step, int pixels,
                                             const int8_t *in0, int first_row, int next_row,
                                             int in0_row, int in0_end, int row_count, int column,
                                             int column_step, int columns, int in_c, int gap,
                                             const uint16_t *weight, int before, int row_taps,
                                             int taps, const uint8_t *ends, int out_c, int out_zero,
                                             int act_min, int act_max) {
  for (; pixels > 0; --pixels) {
    for (int c = 0; c < out_c; ++c) {
      int32_t sum = 0;
      int row_at = first_row, next = next_row;
      for (int row = 0; row < row_count; ++row) {
        const int8_t *a = in0 + (row_at + column);
        for (int tap = before + row * row_taps; tap < before + row * row_taps + columns; ++tap) {
          // Of each input three instructions, and five for each output; of each tap three more.
          const uint16_t *five = weight + (tap * (in_c * (3 + 5 * out_c) + 3) + 3 + 5 * c);
          for (int i = 0; i < in_c; ++i) {
            sum += instructed_weight(five) * (*a + 128);
            five += 3 + 5 * out_c;
            ++a;
          }
          a += gap;
        }
        row_at = next;
        next = next + in0_row == in0_end ? 0 : next + in0_row;
      }
      out[c] = offset_output(sum, ends + 6 * c, out_zero, act_min, act_max);
    }
    (void)taps;
    out += out_step;
    column += column_step;
  }
}

#endif
