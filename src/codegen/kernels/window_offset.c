#ifndef THIMBLE_WINDOW_OFFSET_C
#define THIMBLE_WINDOW_OFFSET_C
#include "thimble_kernel.h"
#include "weight_offset.c"

// All outputs of one pixel by offset weights, or by weights as code (ops/offset_weights.h): the
// window is `row_count` rows of `columns` taps, of `in_c` values each with `gap` between them, from
// `column` on; where a count is not above 0 it is empty. Of an output's `taps` it meets those from
// `before` on, of each `row_taps` of them as many as there are columns.
THIMBLE_KERNEL THIMBLE_INLINE void window_offset(int8_t *out, const int8_t *const *rows,
                                                 int row_count, int column, int columns, int in_c,
                                                 int gap, const THIMBLE_WEIGHT *weight, int before,
                                                 int row_taps, int taps, const uint8_t *ends,
                                                 int out_c, int out_zero, int act_min,
                                                 int act_max) {
  for (int c = 0; c < out_c; ++c) {
    int32_t sum = 0;
    for (int row = 0; row < row_count; ++row) {
      const int8_t *a = rows[row] + column;
      for (int tap = before + row * row_taps; tap < before + row * row_taps + columns; ++tap) {
        for (int i = 0; i < in_c; ++i) {
          sum += weight_offset(weight, tap * in_c + i, c, taps * in_c, in_c, out_c) * (*a + 128);
          ++a;
        }
        a += gap;
      }
    }
    sum += THIMBLE_READ_U8(ends) + ((int32_t)THIMBLE_READ_U8(ends + 1) << 8);
    sum += (int32_t)(int8_t)THIMBLE_READ_U8(ends + 2) * 65536;
    const int32_t factor = THIMBLE_READ_U8(ends + 3) + ((int32_t)THIMBLE_READ_U8(ends + 4) << 8);
    const int shift = 7 + (int8_t)THIMBLE_READ_U8(ends + 5);
    const uint32_t low = (uint32_t)(sum & 0xFFFF) * (uint32_t)factor;
    const int32_t product = (sum >> 16) * factor + (int32_t)(low >> 16);
    const int32_t value = (((product >> shift) + 1) >> 1) + out_zero;
    out[c] = (int8_t)(value < act_min ? act_min : value > act_max ? act_max : value);
    ends += 6;
  }
}

#endif
