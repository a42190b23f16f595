#ifndef THIMBLE_TWINS_I8_C
#define THIMBLE_TWINS_I8_C
#include "thimble_kernel.h"

// The sums of weight * value over `count` > 0 values of two pixels, a word 65536 * second + first
// for both, with the weights of one output after the other, one to eight of them: eight sums of the
// first pixel, then those of the second; some that are not asked for may be written.
//
// Two words times a weight each make 65536 * high + low, low from -32768 to 32767
// (ops/pixel_twins.h); high is that plus a half, shifted. What all of them sum up to, in 32 bits,
// less that of high is that of low.
THIMBLE_KERNEL THIMBLE_NOINLINE void twins_i8(const int32_t *words, const int8_t *weight, int count,
                                              int outputs, int32_t *sums) {
  const int32_t *const end = words + count;
  for (; outputs > 0; --outputs) {
    const int32_t *word = words;
    uint32_t both = 0;
    int32_t high = 0;
    if (count % 2 != 0) {
      const int32_t one = *word * THIMBLE_READ_I8(weight);
      both = (uint32_t)one;
      high = (one + 0x8000) >> 16;
      ++word;
      ++weight;
    }
    while (word != end) {
      const int32_t two = word[0] * THIMBLE_READ_I8(weight) + word[1] * THIMBLE_READ_I8(weight + 1);
      both += (uint32_t)two;
      high += (two + 0x8000) >> 16;
      word += 2;
      weight += 2;
    }
    sums[0] = (int32_t)(both - ((uint32_t)high << 16));
    sums[8] = high;
    ++sums;
  }
}

#endif
