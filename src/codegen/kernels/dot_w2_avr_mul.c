#ifndef THIMBLE_DOT_W2_AVR_MUL_C
#define THIMBLE_DOT_W2_AVR_MUL_C
#include "thimble_kernel.h"

// As dot_w2, in the instructions of AVRs that multiply.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w2(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    uint8_t left = count < 85 ? (uint8_t)count : 85;
    int16_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
    register int8_t value __asm__("r22"); /* GCC does not always find such ones */
    register uint8_t code __asm__("r23");
    register uint8_t level __asm__("r21");
    count -= left;
    __asm__(
        "1:\n"
        "lpm %[code], Z+\n"
        "ld %[value], X+\n"
        "mov %[level], %[code]\n"
        "andi %[level], 3\n"
        "mulsu %[value], %[level]\n"
        "add %A[sum_0], r0\n"
        "adc %B[sum_0], r1\n"
        "lsr %[code]\n"
        "lsr %[code]\n"
        "mov %[level], %[code]\n"
        "andi %[level], 3\n"
        "mulsu %[value], %[level]\n"
        "add %A[sum_1], r0\n"
        "adc %B[sum_1], r1\n"
        "lsr %[code]\n"
        "lsr %[code]\n"
        "mov %[level], %[code]\n"
        "andi %[level], 3\n"
        "mulsu %[value], %[level]\n"
        "add %A[sum_2], r0\n"
        "adc %B[sum_2], r1\n"
        "lsr %[code]\n"
        "lsr %[code]\n"
        "mulsu %[value], %[code]\n"
        "add %A[sum_3], r0\n"
        "adc %B[sum_3], r1\n"
        "dec %[left]\n"
        "brne 1b\n"
        "clr r1\n"
        : [values] "+&x"(values), [weight] "+&z"(weight), [left] "+&r"(left), [value] "=&a"(value),
          [code] "=&a"(code), [level] "=&a"(level), [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1),
          [sum_2] "+&r"(sum_2), [sum_3] "+&r"(sum_3)
        :
        : "r0", "cc", "memory");
    sums[0] += sum_0;
    sums[1] += sum_1;
    sums[2] += sum_2;
    sums[3] += sum_3;
  }
}

#endif
