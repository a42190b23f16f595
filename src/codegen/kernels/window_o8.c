#ifndef THIMBLE_WINDOW_O8_C
#define THIMBLE_WINDOW_O8_C
#include "thimble_kernel.h"

// All outputs of one pixel from offset weights (ops/offset_weights.h): the window is `row_count`
// rows from `column` on, each `runs` runs of `run` neighbours with `gap` between them; where a
// count is not above 0 it is empty. Of `weight`, `filter` an output, it meets those from `before`
// on, with `skip` between its rows.
THIMBLE_KERNEL THIMBLE_NOINLINE void window_o8(int8_t *out, const int8_t *const *rows,
                                               int row_count, int column, int runs, int run,
                                               int gap, const uint8_t *weight, int before, int skip,
                                               int filter, const uint8_t *ends, int out_c,
                                               int out_zero, int act_min, int act_max) {
  for (int c = 0; c < out_c; ++c) {
    // Outputs of a block of four lie side by side.
    const int lanes = c / 4 < out_c / 4 ? 4 : 1;
    const uint8_t *w = weight + (c / lanes * lanes * filter + before * lanes + c % lanes);
    int32_t sum = 0, values = 0;
    for (int row = 0; row < row_count && run > 0; ++row) {
      const int8_t *a = rows[row] + column;
      for (int left = runs; left > 0; --left) {
        for (int i = 0; i < run; ++i) {
          const uint8_t value = (uint8_t)(*a + 128);
          sum += (int32_t)THIMBLE_READ_U8(w) * value;
          values += value;
          w += lanes;
          ++a;
        }
        a += gap;
      }
      w += skip * lanes;
    }
    sum -= values * 128;
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
