#ifndef THIMBLE_DOT_WT_AVR_MUL_C
#define THIMBLE_DOT_WT_AVR_MUL_C
#include "thimble_kernel.h"

// As dot_wt, in the instructions of AVRs that multiply: three times the fraction is 16 bits, the
// high ones a level, the low ones the next fraction.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_wt(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    uint8_t left = count < 127 ? (uint8_t)count : 127;
    int16_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0, sum_4 = 0;
    register int8_t value __asm__("r22"); /* GCC does not always find such ones */
    register uint16_t digits __asm__("r20");
    count -= left;
    __asm__(
        "1:\n"
        "lpm %A[digits], Z+\n"
        "ld %[value], X+\n"
        "mul %A[digits], %[three]\n"
        "movw %[digits], r0\n"
        "mulsu %[value], %B[digits]\n"
        "add %A[sum_0], r0\n"
        "adc %B[sum_0], r1\n"
        "mul %A[digits], %[three]\n"
        "movw %[digits], r0\n"
        "mulsu %[value], %B[digits]\n"
        "add %A[sum_1], r0\n"
        "adc %B[sum_1], r1\n"
        "mul %A[digits], %[three]\n"
        "movw %[digits], r0\n"
        "mulsu %[value], %B[digits]\n"
        "add %A[sum_2], r0\n"
        "adc %B[sum_2], r1\n"
        "mul %A[digits], %[three]\n"
        "movw %[digits], r0\n"
        "mulsu %[value], %B[digits]\n"
        "add %A[sum_3], r0\n"
        "adc %B[sum_3], r1\n"
        "mul %A[digits], %[three]\n"
        "movw %[digits], r0\n"
        "mulsu %[value], %B[digits]\n"
        "add %A[sum_4], r0\n"
        "adc %B[sum_4], r1\n"
        "dec %[left]\n"
        "brne 1b\n"
        "clr r1\n"
        : [values] "+&x"(values), [weight] "+&z"(weight), [left] "+&r"(left), [value] "=&a"(value),
          [digits] "=&a"(digits), [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1), [sum_2] "+&r"(sum_2),
          [sum_3] "+&r"(sum_3), [sum_4] "+&r"(sum_4)
        : [three] "r"((uint8_t)3)
        : "r0", "cc", "memory");
    sums[0] += sum_0;
    sums[1] += sum_1;
    sums[2] += sum_2;
    sums[3] += sum_3;
    sums[4] += sum_4;
  }
}

#endif
