#ifndef THIMBLE_WINDOW_PHASES_C8_AVR_MUL_C
#define THIMBLE_WINDOW_PHASES_C8_AVR_MUL_C
#include "thimble_kernel.h"
#include "window_c8.c"

// As window_phases_c8, a group as window_c8 runs a pixel.
THIMBLE_KERNEL THIMBLE_INLINE void window_phases_c8(
    int8_t *out, int groups, const int8_t *in0, int first_row, int next_row, int in0_row,
    int in0_end, int row_count, int most_rows, int column, int columns, int in_c,
    const uint16_t *weight, int before, int row_words, int words, const uint16_t *tap_words,
    int kx0, const uint8_t *ends, int out_c, int stride_w, int kernel_w, int pad_left,
    int first_column, int out_zero, int act_min, int act_max) {
  (void)tap_words, (void)kx0, (void)kernel_w, (void)pad_left, (void)first_column;
  window_c8(out, stride_w * out_c, groups, in0, first_row, next_row, in0_row, in0_end, row_count,
            most_rows, column * in_c, in_c, columns, in_c, 0, weight, before, row_words, 0, words,
            ends, stride_w * out_c, out_zero, act_min, act_max);
}

#endif
