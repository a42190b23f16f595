#ifndef THIMBLE_PAIRS_I8_ARMV7EM_C
#define THIMBLE_PAIRS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As pairs_i8, in the instructions of ARMv7E-M; all registers are taken, so what ends loops is in
// memory. Sixteen inputs a round; behind two inputs that sums start with, the first one begins
// where it leaves as many as are over.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_i8(const int16_t *values, const int32_t *weight,
                                              int fours, int outputs, int32_t *sums,
                                              const int32_t *ends, int8_t *out, int8_t *second_out,
                                              int32_t zero) {
  const int16_t *const first_value = values, *const end = values + 8 * fours;
  const int32_t *const weight_end = weight + outputs * fours;
  const int distance = (int)(second_out - out) - 1;
  const int skipped = (-fours & 3) * 96 + 48; /* bytes of a four, and of half of one */
  const int second_pixel = 4 * outputs;
  int32_t both_0, both_1, both_2, both_3, low_0, low_1, low_2, low_3, first, second, w_0, w_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_pair weight both_0 low_0 both_1 low_1\n"
      "smlad \\both_0, \\weight, %[first], \\both_0\n"
      "smlad \\both_1, \\weight, %[second], \\both_1\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low_0, \\weight, %[first], \\low_0\n"
      "smlad \\low_1, \\weight, %[second], \\low_1\n"
      ".endm\n"
      ".macro thimble_start weight both_0 low_0 both_1 low_1\n"
      "smuad \\both_0, \\weight, %[first]\n"
      "smuad \\both_1, \\weight, %[second]\n"
      "sxtb16 \\weight, \\weight\n"
      "smuad \\low_0, \\weight, %[first]\n"
      "smuad \\low_1, \\weight, %[second]\n"
      ".endm\n"
      ".macro thimble_end first second shift\n"
      "ldrd %[second], %[w_0], [%[values]], #8\n"
      "add \\first, %[second], \\first, lsl #\\shift\n"
      "add \\second, %[second], \\second, lsl #\\shift\n"
      "smmla \\first, \\first, %[w_0], %[first]\n"
      "smmla \\second, \\second, %[w_0], %[first]\n"
      "ssat \\first, #8, \\first, asr #10\n"
      "ssat \\second, #8, \\second, asr #10\n"
      ".endm\n"
      "1:\n"
      "ldr %[values], %[first_value]\n"
      "ldrd %[first], %[second], [%[values]], #8\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_start %[w_0] %[both_0] %[low_0] %[both_2] %[low_2]\n"
      "thimble_start %[w_1] %[both_1] %[low_1] %[both_3] %[low_3]\n"
      "ldr %[first], %[skipped]\n"
      "add pc, pc, %[first]\n"
      "nop\n"
      "2:\n"
      ".rept 8\n"
      "ldrd %[first], %[second], [%[values]], #8\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_0] %[low_0] %[both_2] %[low_2]\n"
      "thimble_pair %[w_1] %[both_1] %[low_1] %[both_3] %[low_3]\n"
      ".endr\n"
      ".if . - 2b != 384\n"
      ".error \"a four has another size\"\n"
      ".endif\n"
      "ldr %[w_0], %[end]\n"
      "cmp %[values], %[w_0]\n"
      "bne 2b\n"
      "ldr %[values], %[ends]\n"
      "sub %[both_0], %[both_0], %[low_0]\n"
      "sub %[both_1], %[both_1], %[low_1]\n"
      "sub %[both_2], %[both_2], %[low_2]\n"
      "sub %[both_3], %[both_3], %[low_3]\n"
      "cmp %[values], #0\n"
      "beq 3f\n"
      "ldr %[first], %[zero]\n"
      "ldr %[w_1], %[out]\n"
      "thimble_end %[low_0] %[low_2] 8\n"
      "strb %[low_0], [%[w_1]], #1\n"
      "ldr %[low_0], %[distance]\n"
      "strb %[low_2], [%[w_1], %[low_0]]\n"
      "thimble_end %[both_0] %[both_2] 0\n"
      "strb %[both_0], [%[w_1]], #1\n"
      "strb %[both_2], [%[w_1], %[low_0]]\n"
      "thimble_end %[low_1] %[low_3] 8\n"
      "strb %[low_1], [%[w_1]], #1\n"
      "strb %[low_3], [%[w_1], %[low_0]]\n"
      "thimble_end %[both_1] %[both_3] 0\n"
      "strb %[both_1], [%[w_1]], #1\n"
      "strb %[both_3], [%[w_1], %[low_0]]\n"
      "str %[values], %[ends]\n"
      "str %[w_1], %[out]\n"
      "4:\n"
      "ldr %[second], %[weight_end]\n"
      "cmp %[weight], %[second]\n"
      "bne 1b\n"
      "b 5f\n"
      "3:\n"
      "ldr %[first], %[sums]\n"
      "ldr %[second], %[second_pixel]\n"
      "asr %[both_0], %[both_0], #8\n"
      "asr %[both_1], %[both_1], #8\n"
      "asr %[both_2], %[both_2], #8\n"
      "asr %[both_3], %[both_3], #8\n"
      "add %[second], %[second], %[first]\n"
      "strd %[low_0], %[both_0], [%[first]], #8\n"
      "strd %[low_1], %[both_1], [%[first]], #8\n"
      "strd %[low_2], %[both_2], [%[second]]\n"
      "strd %[low_3], %[both_3], [%[second], #8]\n"
      "str %[first], %[sums]\n"
      "b 4b\n"
      "5:\n"
      ".purgem thimble_pair\n"
      ".purgem thimble_start\n"
      ".purgem thimble_end\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [sums] "+m"(sums), [ends] "+m"(ends),
        [out] "+m"(out), [both_0] "=&r"(both_0), [both_1] "=&r"(both_1), [both_2] "=&r"(both_2),
        [both_3] "=&r"(both_3), [low_0] "=&r"(low_0), [low_1] "=&r"(low_1), [low_2] "=&r"(low_2),
        [low_3] "=&r"(low_3), [first] "=&r"(first), [second] "=&r"(second), [w_0] "=&r"(w_0),
        [w_1] "=&r"(w_1)
      : [first_value] "m"(first_value), [end] "m"(end), [weight_end] "m"(weight_end),
        [distance] "m"(distance), [zero] "m"(zero), [skipped] "m"(skipped),
        [second_pixel] "m"(second_pixel)
      : "cc", "memory");
}

#endif
