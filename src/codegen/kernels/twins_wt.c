#ifndef THIMBLE_TWINS_WT_C
#define THIMBLE_TWINS_WT_C
#include "split_twins.c"
#include "thimble_kernel.h"

// As twins_packed, of three levels, five lanes a byte (dot_wt), of which 127 products fit 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void twins_wt(const int32_t *words, const uint8_t *weight,
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
  sums[4] = 0;
  sums[12] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 127 ? count : 127);
    int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0, both_4 = 0;
    do {
      const int32_t word = *words;
      int digits = THIMBLE_READ_U8(weight) * 3;
      ++weight;
      ++words;
      both_0 += word * (digits >> 8);
      digits = (digits & 255) * 3;
      both_1 += word * (digits >> 8);
      digits = (digits & 255) * 3;
      both_2 += word * (digits >> 8);
      digits = (digits & 255) * 3;
      both_3 += word * (digits >> 8);
      digits = (digits & 255) * 3;
      both_4 += word * (digits >> 8);
    } while (words != end);
    split_twins(both_0, sums);
    split_twins(both_1, sums + 1);
    split_twins(both_2, sums + 2);
    split_twins(both_3, sums + 3);
    split_twins(both_4, sums + 4);
    count -= 127;
  }
}

#endif
