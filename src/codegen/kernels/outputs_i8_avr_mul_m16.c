#ifndef THIMBLE_OUTPUTS_I8_AVR_MUL_M16_C
#define THIMBLE_OUTPUTS_I8_AVR_MUL_M16_C
#include "thimble_kernel.h"

// As outputs_i8 with requant_m16.c, in the instructions of AVRs that multiply. The product lies in
// `low` and, once they are multiplied, in the sum's first three bytes, 16 bits shifted away. What
// an activation cuts off at zero is not multiplied.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8(int8_t *out, const int32_t *sums, int count,
                                                const int32_t *full_bias,
                                                const thimble_multiplier *multiplier,
                                                const int8_t *shift, int out_zero, int act_min,
                                                int act_max) {
  /* GCC does not find so many registers by itself. */
  register int8_t *to __asm__("r2") = out;
  register const int32_t *biases __asm__("r4") = full_bias;
  register const thimble_multiplier *factors __asm__("r6") = multiplier;
  register const int8_t *shifts __asm__("r8") = shift;
  register uint8_t left __asm__("r10") = (uint8_t)count;
  register int8_t zero_point __asm__("r11") = (int8_t)out_zero;
  register int8_t least __asm__("r12") = (int8_t)act_min;
  register int8_t most __asm__("r13") = (int8_t)act_max;
  register uint8_t cuts __asm__("r14") = act_min >= out_zero;
  register uint8_t low __asm__("r15");
  register int32_t sum __asm__("r16");
  register int16_t factor __asm__("r20");
  register uint8_t by __asm__("r22");
  register uint8_t sign __asm__("r23");
  register const int32_t *from __asm__("r26") = sums;
  register const uint8_t *flash __asm__("r30");
  __asm__ volatile(
      "bst %[cuts], 0\n"
      "1:\n"
      "movw %[flash], %[biases]\n"
      "lpm %A[sum], Z+\n"
      "lpm %B[sum], Z+\n"
      "lpm %C[sum], Z+\n"
      "lpm %D[sum], Z+\n"
      "movw %[biases], %[flash]\n"
      "ld %[low], X+\n"
      "add %A[sum], %[low]\n"
      "ld %[low], X+\n"
      "adc %B[sum], %[low]\n"
      "ld %[low], X+\n"
      "adc %C[sum], %[low]\n"
      "ld %[low], X+\n"
      "adc %D[sum], %[low]\n"
      "brtc 2f\n"
      "sbrs %D[sum], 7\n"
      "rjmp 2f\n"
      "movw %[flash], %[factors]\n"
      "adiw %[flash], 2\n"
      "movw %[factors], %[flash]\n"
      "movw %[flash], %[shifts]\n"
      "adiw %[flash], 1\n"
      "movw %[shifts], %[flash]\n"
      "mov %[low], %[least]\n"
      "rjmp 9f\n"
      "2:\n"
      "movw %[flash], %[factors]\n"
      "lpm %A[factor], Z+\n"
      "lpm %B[factor], Z+\n"
      "movw %[factors], %[flash]\n"
      "movw %[flash], %[shifts]\n"
      "lpm %[by], Z+\n"
      "movw %[shifts], %[flash]\n"
      /* Factors of 1/4 and more: the sum, cut to 16 bits, moves left instead. */
      "cpi %[by], 17\n"
      "brsh 5f\n"
      "mov %[sign], %B[sum]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "cp %C[sum], %[sign]\n"
      "cpc %D[sum], %[sign]\n"
      "breq 4f\n"
      "mov %C[sum], %D[sum]\n"
      "lsl %C[sum]\n"
      "sbc %C[sum], %C[sum]\n"
      "mov %D[sum], %C[sum]\n"
      "mov %A[sum], %C[sum]\n"
      "com %A[sum]\n"
      "mov %B[sum], %A[sum]\n"
      "subi %B[sum], 128\n"
      "4:\n"
      "lsl %A[sum]\n"
      "rol %B[sum]\n"
      "rol %C[sum]\n"
      "rol %D[sum]\n"
      "inc %[by]\n"
      "cpi %[by], 17\n"
      "brlo 4b\n"
      "5:\n"
      "subi %[by], 16\n"
      "mul %A[sum], %A[factor]\n"
      "mov %[sign], r1\n"
      "mul %A[sum], %B[factor]\n"
      "clr %A[sum]\n"
      "add %[sign], r0\n"
      "mov %[low], r1\n"
      "adc %[low], %A[sum]\n"
      "mul %B[sum], %A[factor]\n"
      "add %[sign], r0\n"
      "adc %[low], r1\n"
      "adc %A[sum], %A[sum]\n"
      "mul %B[sum], %B[factor]\n"
      "clr %B[sum]\n"
      "clr %[sign]\n"
      "add %[low], r0\n"
      "adc %A[sum], r1\n"
      "mul %C[sum], %A[factor]\n"
      "add %[low], r0\n"
      "adc %A[sum], r1\n"
      "adc %B[sum], %[sign]\n"
      "mul %C[sum], %B[factor]\n"
      "add %A[sum], r0\n"
      "adc %B[sum], r1\n"
      "mulsu %D[sum], %A[factor]\n"
      "sbc %C[sum], %C[sum]\n"
      "add %A[sum], r0\n"
      "adc %B[sum], r1\n"
      "adc %C[sum], %[sign]\n"
      "mulsu %D[sum], %B[factor]\n"
      "add %B[sum], r0\n"
      "adc %C[sum], r1\n"
      "rjmp 7f\n"
      "6:\n"
      "mov %[low], %A[sum]\n"
      "mov %A[sum], %B[sum]\n"
      "mov %B[sum], %C[sum]\n"
      "lsl %C[sum]\n"
      "sbc %C[sum], %C[sum]\n"
      "subi %[by], 8\n"
      "7:\n"
      "cpi %[by], 9\n"
      "brsh 6b\n"
      "8:\n"
      "asr %C[sum]\n"
      "ror %B[sum]\n"
      "ror %A[sum]\n"
      "ror %[low]\n"
      "dec %[by]\n"
      "brne 8b\n"
      /* Rounded by the last bit; in 9 bits, or beyond int8 with any zero point. */
      "adc %[low], %[sign]\n"
      "adc %A[sum], %[sign]\n"
      "adc %B[sum], %[sign]\n"
      "adc %C[sum], %[sign]\n"
      "mov %[sign], %A[sum]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "cp %A[sum], %[sign]\n"
      "cpc %B[sum], %[sign]\n"
      "cpc %C[sum], %[sign]\n"
      "brne 3f\n"
      "mov %[sign], %[zero_point]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "add %[low], %[zero_point]\n"
      "adc %A[sum], %[sign]\n"
      "mov %C[sum], %A[sum]\n"
      "mov %[sign], %[low]\n"
      "lsl %[sign]\n"
      "sbc %[sign], %[sign]\n"
      "cp %A[sum], %[sign]\n"
      "breq 4f\n"
      "3:\n"
      "mov %[low], %[least]\n"
      "sbrs %C[sum], 7\n"
      "mov %[low], %[most]\n"
      "4:\n"
      "cp %[low], %[least]\n"
      "brge 5f\n"
      "mov %[low], %[least]\n"
      "5:\n"
      "cp %[most], %[low]\n"
      "brge 9f\n"
      "mov %[low], %[most]\n"
      "9:\n"
      "movw %[flash], %[to]\n"
      "st Z+, %[low]\n"
      "movw %[to], %[flash]\n"
      "dec %[left]\n"
      "breq 5f\n"
      "rjmp 1b\n"
      "5:\n"
      "clr r1\n"
      : [to] "+&r"(to), [from] "+&x"(from), [biases] "+&r"(biases), [factors] "+&r"(factors),
        [shifts] "+&r"(shifts), [left] "+&r"(left), [flash] "=&z"(flash), [sum] "=&a"(sum),
        [factor] "=&a"(factor), [low] "=&r"(low), [sign] "=&r"(sign), [by] "=&d"(by)
      : [zero_point] "r"(zero_point), [least] "r"(least), [most] "r"(most), [cuts] "r"(cuts)
      : "r0", "cc", "memory");
}

#endif
