#ifndef THIMBLE_TWINS_W2_C
#define THIMBLE_TWINS_W2_C
#include "split_twins.c"
#include "thimble_kernel.h"

// As twins_packed, of 2-bit levels, of which 85 products fit 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void twins_w2(const int32_t *words, const uint8_t *weight,
                                              int pitch, int count, int32_t *sums) {
  (void)pitch;
  sums[0] = 0;
  sums[8] = 0;
  sums[1] = 0;
  sums[9] = 0;
  sums[2] = 0;
  sums[10] = 0;
  sums[3] = 0;
  sums[11] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 85 ? count : 85);
    int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int32_t word = *words;
      ++weight;
      ++words;
      both_0 += word * (code & 3);
      both_1 += word * (code >> 2 & 3);
      both_2 += word * (code >> 4 & 3);
      both_3 += word * (code >> 6);
    } while (words != end);
    split_twins(both_0, sums);
    split_twins(both_1, sums + 1);
    split_twins(both_2, sums + 2);
    split_twins(both_3, sums + 3);
    count -= 85;
  }
}

#endif
