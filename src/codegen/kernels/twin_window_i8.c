#ifndef THIMBLE_TWIN_WINDOW_I8_C
#define THIMBLE_TWIN_WINDOW_I8_C
#include "thimble_kernel.h"

// Writes `runs` > 0 times `count` > 0 words 65536 * second + first, of values side by side; the
// next run's are `pitch` from one's first.
THIMBLE_KERNEL THIMBLE_NOINLINE void twin_window_i8(int32_t *words, const int8_t *first,
                                                    const int8_t *second, int count, int pitch,
                                                    int runs) {
  pitch -= count;
  do {
    int32_t *const end = words + count;
    if (count % 2 != 0) {
      *words = *second * 65536 + *first;
      ++words;
      ++first;
      ++second;
    }
    while (words != end) {
      words[0] = second[0] * 65536 + first[0];
      words[1] = second[1] * 65536 + first[1];
      words += 2;
      first += 2;
      second += 2;
    }
    first += pitch;
    second += pitch;
  } while (--runs > 0);
}

#endif
