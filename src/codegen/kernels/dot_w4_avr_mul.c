#ifndef THIMBLE_DOT_W4_AVR_MUL_C
#define THIMBLE_DOT_W4_AVR_MUL_C
#include "thimble_kernel.h"

// As dot_packed, in the instructions of AVRs that multiply: the sum of value * code, in 24 bits for
// 256 values, and that of value * (low nibble), in 16 bits for 16 values at most and then added to
// 24 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w4(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int part = count < 256 ? count : 256;
    uint8_t rounds = (uint8_t)(part >> 4); /* of four times four values, besides the first ones */
    const uint8_t rest = (uint8_t)part;
    int32_t both = 0, low = 0;
    int16_t low_of_16 = 0;
    register int8_t value __asm__("r22"); /* GCC does not always find such ones */
    register uint8_t code __asm__("r23");
    register uint8_t left __asm__("r21");
    uint8_t sign;
    __asm__(
        "mov %[left], %[rest]\n"
        "andi %[left], 3\n"
        "breq 2f\n"
        "1:\n"
        "lpm %[code], Z+\n"
        "ld %[value], X+\n"
        "mulsu %[value], %[code]\n"
        "sbc %[sign], %[sign]\n"
        "add %A[both], r0\n"
        "adc %B[both], r1\n"
        "adc %C[both], %[sign]\n"
        "andi %[code], 15\n"
        "mulsu %[value], %[code]\n"
        "add %A[low_of_16], r0\n"
        "adc %B[low_of_16], r1\n"
        "dec %[left]\n"
        "brne 1b\n"
        "2:\n"
        "mov %[left], %[rest]\n"
        "lsr %[left]\n"
        "lsr %[left]\n"
        "andi %[left], 3\n"
        "breq 4f\n"
        "3:\n"
        ".rept 4\n"
        "lpm %[code], Z+\n"
        "ld %[value], X+\n"
        "mulsu %[value], %[code]\n"
        "sbc %[sign], %[sign]\n"
        "add %A[both], r0\n"
        "adc %B[both], r1\n"
        "adc %C[both], %[sign]\n"
        "andi %[code], 15\n"
        "mulsu %[value], %[code]\n"
        "add %A[low_of_16], r0\n"
        "adc %B[low_of_16], r1\n"
        ".endr\n"
        "dec %[left]\n"
        "brne 3b\n"
        "4:\n"
        "mov %[sign], %B[low_of_16]\n"
        "lsl %[sign]\n"
        "sbc %[sign], %[sign]\n"
        "add %A[low], %A[low_of_16]\n"
        "adc %B[low], %B[low_of_16]\n"
        "adc %C[low], %[sign]\n"
        "clr %A[low_of_16]\n"
        "clr %B[low_of_16]\n"
        "ldi %[left], 4\n"
        "dec %[rounds]\n"
        "brpl 3b\n"
        "clr r1\n"
        "sbrc %C[both], 7\n"
        "com %D[both]\n"
        "sbrc %C[low], 7\n"
        "com %D[low]\n"
        : [values] "+&x"(values), [weight] "+&z"(weight), [both] "+&r"(both), [low] "+&r"(low),
          [low_of_16] "+&r"(low_of_16), [rounds] "+&r"(rounds), [value] "=&a"(value),
          [code] "=&a"(code), [sign] "=&r"(sign), [left] "=&d"(left)
        : [rest] "r"(rest)
        : "r0", "cc", "memory");
    sums[0] += low;
    sums[1] += (both - low) >> 4;
    count -= part;
  }
}

#endif
