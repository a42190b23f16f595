#ifndef THIMBLE_DOT_W4_AVR_MUL_C
#define THIMBLE_DOT_W4_AVR_MUL_C
#include "thimble_kernel.h"

// As dot_packed, in the instructions of AVRs that multiply: for each value the sum of value * code,
// which fits 24 bits for 256 of them, and that of value * (low nibble), which fits 16 bits for 16;
// their difference is 16 times the other lane's.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w4(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    int part = count < 256 ? count : 256;
    count -= part;
    uint32_t both = 0;
    int32_t low = 0;
    uint8_t codes = (uint8_t)((uint8_t)(part - 1) % 16 + 1);
    do {
      int16_t low_part = 0;
      int8_t value;
      uint8_t code, sign, left;
      __asm__(
          "mov %[left], %[codes]\n"
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
          "add %A[low], r0\n"
          "adc %B[low], r1\n"
          "dec %[left]\n"
          "brne 1b\n"
          "2:\n"
          "mov %[left], %[codes]\n"
          "lsr %[left]\n"
          "lsr %[left]\n"
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
          "add %A[low], r0\n"
          "adc %B[low], r1\n"
          ".endr\n"
          "dec %[left]\n"
          "brne 3b\n"
          "4:\n"
          "clr r1\n"
          : [values] "+x"(values), [weight] "+z"(weight), [both] "+r"(both), [low] "+r"(low_part),
            [value] "=&a"(value), [code] "=&a"(code), [sign] "=&r"(sign), [left] "=&d"(left)
          : [codes] "r"(codes)
          : "r0", "cc", "memory");
      low += low_part;
      part -= codes;
      codes = 16;
    } while (part > 0);
    sums[0] += low;
    sums[1] += (((int32_t)(both << 8) >> 8) - low) >> 4;
  }
}

#endif
