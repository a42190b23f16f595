#ifndef THIMBLE_REQUANT_C
#define THIMBLE_REQUANT_C
#include "thimble_kernel.h"

// As in requant_m16.c, in the instructions of AVRs that multiply: bytes times bytes, of the product
// what lies above its lower 16 bits. Its last byte is at first the second one.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t thimble_requant(int32_t sum, int16_t multiplier,
                                                        int8_t shift) {
  int32_t product;
  uint8_t zero;
  if (shift < 17) {
    const int32_t cut = sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum;
    sum = cut * ((int32_t)1 << (17 - shift));
    shift = 17;
  }
  __asm__(
      "clr %[zero]\n"
      "mul %A[sum], %A[multiplier]\n"
      "mov %D[product], r1\n"
      "mul %A[sum], %B[multiplier]\n"
      "add %D[product], r0\n"
      "mov %A[product], r1\n"
      "adc %A[product], %[zero]\n"
      "mul %B[sum], %A[multiplier]\n"
      "clr %B[product]\n"
      "add %D[product], r0\n"
      "adc %A[product], r1\n"
      "adc %B[product], %[zero]\n"
      "mul %B[sum], %B[multiplier]\n"
      "add %A[product], r0\n"
      "adc %B[product], r1\n"
      "mul %C[sum], %A[multiplier]\n"
      "clr %C[product]\n"
      "add %A[product], r0\n"
      "adc %B[product], r1\n"
      "adc %C[product], %[zero]\n"
      "mul %C[sum], %B[multiplier]\n"
      "add %B[product], r0\n"
      "adc %C[product], r1\n"
      "mulsu %D[sum], %A[multiplier]\n"
      "sbc %D[product], %D[product]\n"
      "add %B[product], r0\n"
      "adc %C[product], r1\n"
      "adc %D[product], %[zero]\n"
      "mulsu %D[sum], %B[multiplier]\n"
      "add %C[product], r0\n"
      "adc %D[product], r1\n"
      "clr r1\n"
      "subi %[shift], 17\n"
      "1:\n"
      "cpi %[shift], 8\n"
      "brlo 4f\n"
      "mov %A[product], %B[product]\n"
      "mov %B[product], %C[product]\n"
      "mov %C[product], %D[product]\n"
      "lsl %D[product]\n"
      "sbc %D[product], %D[product]\n"
      "subi %[shift], 8\n"
      "rjmp 1b\n"
      "3:\n"
      "asr %D[product]\n"
      "ror %C[product]\n"
      "ror %B[product]\n"
      "ror %A[product]\n"
      "4:\n"
      "dec %[shift]\n"
      "brpl 3b\n"
      : [product] "=&r"(product), [zero] "=&r"(zero), [shift] "+&d"(shift)
      : [sum] "a"(sum), [multiplier] "a"(multiplier)
      : "r0", "cc");
  return (product + 1) >> 1;
}

#endif
