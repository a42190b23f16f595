#ifndef THIMBLE_WINDOW_PHASES_C8_C
#define THIMBLE_WINDOW_PHASES_C8_C
#include "instructed_weight.c"
#include "offset_output.c"
#include "phase_reads.c"
#include "thimble_kernel.h"

// As window_c8, all outputs of `groups` groups of `stride_w` pixels (ops/column_phases.h). The
// first one's window is `row_count` rows of `columns` pixels from pixel `column` on, which meet the
// instructions from `before` on, those of its rows `row_words` apart; all taps of the kernel are
// `words`. Its first pixel meets tap `kx0` of a row, and taps begin where `tap_words` has it.
THIMBLE_KERNEL THIMBLE_INLINE void window_phases_c8(
    int8_t *out, int groups, const int8_t *in0, int first_row, int next_row, int in0_row,
    int in0_end, int row_count, int most_rows, int column, int columns, int in_c,
    const uint16_t *weight, int before, int row_words, int words, const uint16_t *tap_words,
    int kx0, const uint8_t *ends, int out_c, int stride_w, int kernel_w, int pad_left,
    int first_column, int out_zero, int act_min, int act_max) {
  for (; groups > 0; --groups) {
    for (int c = 0; c < stride_w * out_c; ++c) {
      int32_t sum = 0;
      int row_at = first_row, next = next_row;
      for (int row = 0; row < row_count; ++row) {
        const int8_t *a = in0 + (row_at + column * in_c);
        for (int tap = kx0; tap < kx0 + columns; ++tap) {
          // Of each input three instructions, and five for each output that it has a share in.
          int outputs = 0, before_c = 0, reads = 0;
          for (int pixel = 0; pixel < stride_w; ++pixel) {
            if (!phase_reads(pixel, first_column + tap, stride_w, kernel_w, pad_left)) continue;
            if (pixel < c / out_c) before_c += out_c;
            if (pixel == c / out_c) reads = 1;
            outputs += out_c;
          }
          const uint16_t *five =
              weight + (before + row * row_words + THIMBLE_READ_U16(tap_words + tap) -
                        THIMBLE_READ_U16(tap_words + kx0) + 3 + 5 * (before_c + c % out_c));
          for (int i = 0; i < in_c && reads; ++i)
            sum += instructed_weight(five + i * (3 + 5 * outputs)) * (a[i] + 128);
          a += in_c;
        }
        row_at = next;
        next = next + in0_row == in0_end ? 0 : next + in0_row;
      }
      *out++ = offset_output(sum, ends + 6 * (c % out_c), out_zero, act_min, act_max);
    }
    ++column;
  }
  (void)most_rows, (void)words;
}

#endif
