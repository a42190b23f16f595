#ifndef THIMBLE_WINDOW_OFFSET_C
#define THIMBLE_WINDOW_OFFSET_C
#include "offset_output.c"
#include "thimble_kernel.h"
#include "weight_offset.c"

// All outputs of one pixel by offset weights (ops/offset_weights.h): the window is `row_count` rows
// of `columns` taps, of `in_c` values each with `gap` between them, from `column` on; where a count
// is not above 0 it is empty. Of an output's `taps` it meets those from `before` on, of each
// `row_taps` of them as many as there are columns.
THIMBLE_KERNEL THIMBLE_INLINE void window_offset(int8_t *out, const int8_t *const *rows,
                                                 int row_count, int column, int columns, int in_c,
                                                 int gap, const uint8_t *weight, int before,
                                                 int row_taps, int taps, const uint8_t *ends,
                                                 int out_c, int out_zero, int act_min,
                                                 int act_max) {
  for (int c = 0; c < out_c; ++c) {
    int32_t sum = 0;
    for (int row = 0; row < row_count; ++row) {
      const int8_t *a = rows[row] + column;
      for (int tap = before + row * row_taps; tap < before + row * row_taps + columns; ++tap) {
        for (int i = 0; i < in_c; ++i) {
          sum += weight_offset(weight, tap * in_c + i, c, taps * in_c, out_c) * (*a + 128);
          ++a;
        }
        a += gap;
      }
    }
    out[c] = offset_output(sum, ends, out_zero, act_min, act_max);
    ends += 6;
  }
}

#endif
