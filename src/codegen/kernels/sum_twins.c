#ifndef THIMBLE_SUM_TWINS_C
#define THIMBLE_SUM_TWINS_C
#include "split_twins.c"
#include "thimble_kernel.h"

// The sums of all values of two pixels, that of the second eight further on; 255 of them fit 16
// bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void sum_twins(const int32_t *words, int count, int32_t *sums) {
  sums[0] = 0;
  sums[8] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 255 ? count : 255);
    int32_t both = 0;
    do {
      both += *words;
      ++words;
    } while (words != end);
    split_twins(both, sums);
    count -= 255;
  }
}

#endif
