#ifndef THIMBLE_TWINS_W1_C
#define THIMBLE_TWINS_W1_C
#include "split_twins.c"
#include "thimble_kernel.h"

// As twins_packed, of 1-bit levels: values are added where the bit is set; 255 of them fit 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void twins_w1(const int32_t *words, const uint8_t *weight,
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
  sums[5] = 0;
  sums[13] = 0;
  sums[6] = 0;
  sums[14] = 0;
  sums[7] = 0;
  sums[15] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 255 ? count : 255);
    int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
    int32_t both_4 = 0, both_5 = 0, both_6 = 0, both_7 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int32_t word = *words;
      ++weight;
      ++words;
      if (code & 1) both_0 += word;
      if (code & 2) both_1 += word;
      if (code & 4) both_2 += word;
      if (code & 8) both_3 += word;
      if (code & 16) both_4 += word;
      if (code & 32) both_5 += word;
      if (code & 64) both_6 += word;
      if (code & 128) both_7 += word;
    } while (words != end);
    split_twins(both_0, sums);
    split_twins(both_1, sums + 1);
    split_twins(both_2, sums + 2);
    split_twins(both_3, sums + 3);
    split_twins(both_4, sums + 4);
    split_twins(both_5, sums + 5);
    split_twins(both_6, sums + 6);
    split_twins(both_7, sums + 7);
    count -= 255;
  }
}

#endif
