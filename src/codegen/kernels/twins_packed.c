#ifndef THIMBLE_TWINS_PACKED_C
#define THIMBLE_TWINS_PACKED_C
#include "split_twins.c"
#include "thimble_kernel.h"

// The sums of level * value over `count` > 0 values of two pixels, a word 65536 * second + first
// for both, one a lane, those of the second pixel eight further on: here of 4-bit levels, of which
// 17 products fit 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void twins_packed(const int32_t *words, const uint8_t *weight,
                                                  int pitch, int count, int32_t *sums) {
  (void)pitch;
  sums[0] = 0;
  sums[8] = 0;
  sums[1] = 0;
  sums[9] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 16 ? count : 16);
    int32_t both_0 = 0, both_1 = 0;
    if (count < 16 && count % 2 != 0) {
      const uint8_t code = THIMBLE_READ_U8(weight);
      both_0 = *words * (code & 15);
      both_1 = *words * (code >> 4);
      ++weight;
      ++words;
    }
    while (words != end) {
      const uint8_t code = THIMBLE_READ_U8(weight), next = THIMBLE_READ_U8(weight + 1);
      both_0 += words[0] * (code & 15) + words[1] * (next & 15);
      both_1 += words[0] * (code >> 4) + words[1] * (next >> 4);
      weight += 2;
      words += 2;
    }
    split_twins(both_0, sums);
    split_twins(both_1, sums + 1);
    count -= 16;
  }
}

#endif
