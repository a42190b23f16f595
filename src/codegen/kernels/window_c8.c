#ifndef THIMBLE_WINDOW_C8_C
#define THIMBLE_WINDOW_C8_C
#include "instructed_weight.c"
#include "offset_output.c"
#include "thimble_kernel.h"

// All outputs of `pixels` pixels, at least one and at most 255, by weights as instructions
// (ops/offset_weights.h). The first one's window is `row_count` rows of `columns` taps, of `in_c`
// values each with `gap` between them, from `column` on; where a count is not above 0 it is empty.
// No window has more than `most_rows` rows.
// Its first row is at `first_row`, the next one at `next_row`, those after it each `in0_row`
// further on, up to `in0_end` and then from 0 again. It meets the instructions from `before` on,
// those of its rows `row_words` apart, of a tap `tap_words`; all taps of the kernel are `words`.
THIMBLE_KERNEL THIMBLE_INLINE void window_c8(int8_t *out, int out_step, int pixels,
                                             const int8_t *in0, int first_row, int next_row,
                                             int in0_row, int in0_end, int row_count, int most_rows,
                                             int column, int column_step, int columns, int in_c,
                                             int gap, const uint16_t *weight, int before,
                                             int row_words, int tap_words, int words,
                                             const uint8_t *ends, int out_c, int out_zero,
                                             int act_min, int act_max) {
  for (; pixels > 0; --pixels) {
    for (int c = 0; c < out_c; ++c) {
      int32_t sum = 0;
      int row_at = first_row, next = next_row;
      for (int row = 0; row < row_count; ++row) {
        const int8_t *a = in0 + (row_at + column);
        for (int tap = 0; tap < columns; ++tap) {
          // Of each input three instructions, and five for each output.
          const uint16_t *five = weight + (before + row * row_words + tap * tap_words + 3 + 5 * c);
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
    (void)most_rows, (void)words;
    out += out_step;
    column += column_step;
  }
}

#endif
