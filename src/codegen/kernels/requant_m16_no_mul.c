#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// As in requant_m16.c, without multiplications: bit by bit of the multiplier, the lowest first, the
// sum is added and the product halved. Halves of halves rounded down are the product rounded down.
// Multipliers have 15 bits, the highest one set; or are 0, as is then the result. Large sums are
// added so that 32 bits hold them: a + b halved is (a & b) + ((a ^ b) >> 1). Scales that are powers
// of two have the highest bit alone.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int16_t multiplier, int8_t shift) {
  int32_t product = 0;
  unsigned bits = (unsigned)multiplier;
  if (shift < 16) {
    const int32_t cut = sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum;
    sum = cut * ((int32_t)1 << (16 - shift));
    shift = 16;
  }
  if (bits == 0x4000) {
    product = sum >> 1;
    bits = 0;
  }
  if (sum < -0x3FFFFFFF || sum > 0x3FFFFFFF) {
    for (; bits != 0; bits >>= 1) {
      const int32_t added = bits & 1 ? sum : 0;
      product = (product & added) + ((product ^ added) >> 1);
    }
  }
  for (; bits != 0; bits >>= 3) {
    if (bits & 1) product += sum;
    product >>= 1;
    if (bits & 2) product += sum;
    product >>= 1;
    if (bits & 4) product += sum;
    product >>= 1;
  }
  return ((product >> (shift - 16)) + 1) >> 1;
}

#endif
