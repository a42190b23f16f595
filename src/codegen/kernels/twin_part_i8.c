#ifndef THIMBLE_TWIN_PART_I8_C
#define THIMBLE_TWIN_PART_I8_C
#include "thimble_kernel.h"
#include "twin_run_i8.c"
#include "twin_window_i8.c"

// Writes the words of `rows` rows, from `values` on, of the windows that begin at the columns
// `left` and `left + apart`, with `zero` for what is outside of the input. Gives where the next
// one goes.
THIMBLE_KERNEL THIMBLE_INLINE int32_t *twin_part_i8(int32_t *words, const int8_t *values, int pitch,
                                                    int rows, int in_pixel, int in_w, int in_c,
                                                    int kernel_w, int left, int apart,
                                                    const int8_t *zero) {
  if (in_pixel == in_c && left >= 0 && left + apart + kernel_w <= in_w) {
    const int8_t *const first = values + left * in_c;
    twin_window_i8(words, first, first + apart * in_c, kernel_w * in_c, pitch, rows);
    return words + rows * kernel_w * in_c;
  }
  for (; rows > 0; --rows) {
    for (int column = left; column < left + kernel_w; ++column) {
      const int second = column + apart;
      const int has_first = column >= 0 && column < in_w;
      const int has_second = second >= 0 && second < in_w;
      words = twin_run_i8(words, has_first ? values + column * in_pixel : zero, has_first,
                          has_second ? values + second * in_pixel : zero, has_second, in_c);
    }
    values += pitch;
  }
  return words;
}

#endif
