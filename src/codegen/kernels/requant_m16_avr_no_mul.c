#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// As in requant_m16_no_mul.c, in the instructions of AVRs that do not multiply. A multiplier has 15
// bits, and so often is the product halved, whichever of them are set.
THIMBLE_KERNEL int32_t thimble_requant(int32_t sum, int16_t multiplier, int8_t shift) {
  int32_t product = 0;
  unsigned bits = (unsigned)multiplier;
  if (shift < 16) {
    const int32_t cut = sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum;
    sum = cut * ((int32_t)1 << (16 - shift));
    shift = 16;
  }
  if (sum < -0x3FFFFFFF || sum > 0x3FFFFFFF) {
    for (; bits != 0; bits >>= 1) {
      const int32_t added = bits & 1 ? sum : 0;
      product = (product & added) + ((product ^ added) >> 1);
    }
    return ((product >> (shift - 16)) + 1) >> 1;
  }
  uint8_t step = 15;
  shift = (int8_t)(shift - 16);
  __asm__(
      "1:\n"
      "lsr %B[bits]\n"
      "ror %A[bits]\n"
      "brcc 2f\n"
      "add %A[product], %A[sum]\n"
      "adc %B[product], %B[sum]\n"
      "adc %C[product], %C[sum]\n"
      "adc %D[product], %D[sum]\n"
      "2:\n"
      "asr %D[product]\n"
      "ror %C[product]\n"
      "ror %B[product]\n"
      "ror %A[product]\n"
      "dec %[step]\n"
      "brne 1b\n"
      "3:\n"
      "cpi %[shift], 8\n"
      "brlo 5f\n"
      "mov %A[product], %B[product]\n"
      "mov %B[product], %C[product]\n"
      "mov %C[product], %D[product]\n"
      "lsl %D[product]\n"
      "sbc %D[product], %D[product]\n"
      "subi %[shift], 8\n"
      "rjmp 3b\n"
      "4:\n"
      "asr %D[product]\n"
      "ror %C[product]\n"
      "ror %B[product]\n"
      "ror %A[product]\n"
      "5:\n"
      "dec %[shift]\n"
      "brpl 4b\n"
      : [product] "+&r"(product), [bits] "+&r"(bits), [step] "+&r"(step), [shift] "+&d"(shift)
      : [sum] "r"(sum)
      : "cc");
  return (product + 1) >> 1;
}

#endif
