#ifndef THIMBLE_ROWS_W4_AVR_MUL_C
#define THIMBLE_ROWS_W4_AVR_MUL_C
#include "thimble_kernel.h"

// As rows_w4, in the instructions of AVRs that multiply: for two outputs the sum of value * code,
// in 24 bits for 256 values, and that of value * (low nibble), in 16 bits for 16 values and then
// added to 24 bits. What is no multiple of 16 comes first, value by value. In the end the first
// output's is taken off the sum of both, and that divided by 16.
THIMBLE_KERNEL THIMBLE_NOINLINE void rows_w4(const int8_t *values, const uint8_t *weight, int count,
                                             int skip, int pairs, int32_t start, int32_t *sums) {
  /* GCC does not find so many registers by itself. */
  register int skipped __asm__("r2") = skip;
  register int32_t first __asm__("r4") = start;
  register uint16_t low __asm__("r8");
  register uint8_t high_low __asm__("r10");
  register uint8_t left __asm__("r11") = (uint8_t)pairs;
  register uint16_t both __asm__("r12");
  register uint8_t high_both __asm__("r14");
  register uint8_t sign __asm__("r15");
  register uint16_t of_16 __asm__("r16");
  register int32_t *to __asm__("r18") = sums;
  register uint8_t rounds __asm__("r21");
  register uint8_t value __asm__("r22");
  register uint8_t code __asm__("r23");
  register int all __asm__("r24") = count;
  register const int8_t *from __asm__("r26") = values;
  register const uint8_t *codes __asm__("r30") = weight;
  __asm__ volatile(
      ".macro thimble_value\n"
      "lpm %[code], Z+\n"
      "ld %[value], X+\n"
      "mulsu %[value], %[code]\n"
      "sbc %[sign], %[sign]\n"
      "add %A[both], r0\n"
      "adc %B[both], r1\n"
      "adc %[high_both], %[sign]\n"
      "andi %[code], 15\n"
      "mulsu %[value], %[code]\n"
      ".endm\n"
      "1:\n"
      "mov %[rounds], %A[all]\n"
      "andi %[rounds], 15\n"
      "clr %A[both]\n"
      "clr %B[both]\n"
      "clr %[high_both]\n"
      "clr %A[low]\n"
      "clr %B[low]\n"
      "clr %[high_low]\n"
      "tst %[rounds]\n"
      "breq 3f\n"
      "clr %A[of_16]\n"
      "clr %B[of_16]\n"
      "2:\n"
      "thimble_value\n"
      "add %A[of_16], r0\n"
      "adc %B[of_16], r1\n"
      "dec %[rounds]\n"
      "brne 2b\n"
      "set\n" /* a round of its own */
      "rjmp 4f\n"
      "3:\n"
      "clt\n"
      "4:\n"
      "mov %[rounds], %A[all]\n"
      "swap %[rounds]\n"
      "andi %[rounds], 15\n"
      "sbrc %B[all], 0\n"
      "ori %[rounds], 16\n"
      "brtc 5f\n"
      "inc %[rounds]\n"
      "rjmp 6f\n"
      "5:\n"
      "thimble_value\n"
      "movw %[of_16], r0\n"
      ".rept 15\n"
      "thimble_value\n"
      "add %A[of_16], r0\n"
      "adc %B[of_16], r1\n"
      ".endr\n"
      "6:\n"
      "add %A[low], %A[of_16]\n"
      "adc %B[low], %B[of_16]\n"
      "clr %[sign]\n"
      "sbrc %B[of_16], 7\n"
      "dec %[sign]\n"
      "adc %[high_low], %[sign]\n"
      "dec %[rounds]\n"
      "breq 7f\n"
      "rjmp 5b\n"
      "7:\n"
      ".purgem thimble_value\n"
      "sub %A[both], %A[low]\n"
      "sbc %B[both], %B[low]\n"
      "sbc %[high_both], %[high_low]\n"
      ".rept 4\n"
      "asr %[high_both]\n"
      "ror %B[both]\n"
      "ror %A[both]\n"
      ".endr\n"
      "mov %[sign], %[high_low]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "add %A[low], %A[first]\n"
      "adc %B[low], %B[first]\n"
      "adc %[high_low], %C[first]\n"
      "adc %[sign], %D[first]\n"
      "movw r0, %[from]\n"
      "movw %[from], %[to]\n"
      "st X+, %A[low]\n"
      "st X+, %B[low]\n"
      "st X+, %[high_low]\n"
      "st X+, %[sign]\n"
      "mov %[sign], %[high_both]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "add %A[both], %A[first]\n"
      "adc %B[both], %B[first]\n"
      "adc %[high_both], %C[first]\n"
      "adc %[sign], %D[first]\n"
      "st X+, %A[both]\n"
      "st X+, %B[both]\n"
      "st X+, %[high_both]\n"
      "st X+, %[sign]\n"
      "movw %[to], %[from]\n"
      "movw %[from], r0\n"
      "sub %A[from], %A[all]\n"
      "sbc %B[from], %B[all]\n"
      "add r30, %A[skipped]\n"
      "adc r31, %B[skipped]\n"
      "dec %[left]\n"
      "breq 8f\n"
      "rjmp 1b\n"
      "8:\n"
      "clr r1\n"
      : [from] "+&x"(from), [codes] "+&z"(codes), [to] "+&r"(to), [both] "=&r"(both),
        [of_16] "=&r"(of_16), [low] "=&r"(low), [high_both] "=&r"(high_both),
        [high_low] "=&r"(high_low), [left] "+&r"(left), [rounds] "=&d"(rounds),
        [value] "=&a"(value), [code] "=&a"(code), [sign] "=&r"(sign)
      : [all] "r"(all), [first] "r"(first), [skipped] "r"(skipped)
      : "r0", "cc", "memory");
}

#endif
