#ifndef THIMBLE_TWOS_I8_ARMV7EM_C
#define THIMBLE_TWOS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As twos_i8, in the instructions of ARMv7E-M, as threes_i8_armv7em.c has them.
THIMBLE_KERNEL THIMBLE_NOINLINE void twos_i8(const int16_t *values, const int32_t *weight,
                                             int fours, int outputs, int8_t *out, int out_pixel,
                                             int32_t zero) {
  const int16_t *const first_value = values, *const end = values + 8 * fours;
  const int32_t *const weight_end = weight + outputs / 2 * (2 * fours + 4);
  const int skipped = (-fours & 3) * 48 + 28; /* bytes of a four, and of its first half */
  int32_t both_0, both_1, low_0, low_1, w_0, w_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_half weight first second\n"
      "smlad %[both_0], \\weight, \\first, %[both_0]\n"
      "smlad %[both_1], \\weight, \\second, %[both_1]\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad %[low_0], \\weight, \\first, %[low_0]\n"
      "smlad %[low_1], \\weight, \\second, %[low_1]\n"
      ".endm\n"
      ".macro thimble_end low both\n"
      "sub \\both, \\both, \\low\n"
      "add \\low, r5, \\low, lsl #8\n"
      "smmla \\both, \\both, r4, %[w_0]\n"
      "smmla \\low, \\low, r6, %[w_0]\n"
      "ssat \\both, #8, \\both, asr #10\n"
      "ssat \\low, #8, \\low, asr #10\n"
      "bfi \\low, \\both, #8, #8\n"
      ".endm\n"
      "1:\n"
      "ldr %[both_1], [%[weight]], #4\n"
      "ldr %[values], %[first_value]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "ldmia %[values]!, {r4, r5, r6, r8}\n"
      "smlad %[both_0], %[w_0], r4, %[both_1]\n"
      "smlad %[both_1], %[w_0], r5, %[both_1]\n"
      "sxtb16 %[w_0], %[w_0]\n"
      "smuad %[low_0], %[w_0], r4\n"
      "smuad %[low_1], %[w_0], r5\n"
      "ldr %[w_0], %[skipped]\n"
      "add pc, pc, %[w_0]\n"
      "nop\n"
      "2:\n"
      ".rept 4\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "ldmia %[values]!, {r4, r5, r6, r8}\n"
      "thimble_half %[w_0] r4 r5\n"
      "thimble_half %[w_1] r6 r8\n"
      ".endr\n"
      ".if . - 2b != 192\n"
      ".error \"a four has another size\"\n"
      ".endif\n"
      "cmp %[values], %[end]\n"
      "bne 2b\n"
      "ldmia %[weight]!, {r4, r5, r6}\n"
      "ldr %[w_0], %[zero]\n"
      "thimble_end %[low_0] %[both_0]\n"
      "thimble_end %[low_1] %[both_1]\n"
      "ldr r4, %[out_pixel]\n"
      "ldr r5, %[weight_end]\n"
      "strh %[low_1], [%[out], r4]\n"
      "strh %[low_0], [%[out]], #2\n"
      "cmp %[weight], r5\n"
      "bne 1b\n"
      ".purgem thimble_half\n"
      ".purgem thimble_end\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [out] "+&r"(out), [both_0] "=&r"(both_0),
        [both_1] "=&r"(both_1), [low_0] "=&r"(low_0), [low_1] "=&r"(low_1), [w_0] "=&r"(w_0),
        [w_1] "=&r"(w_1)
      : [end] "r"(end), [first_value] "m"(first_value), [weight_end] "m"(weight_end),
        [out_pixel] "m"(out_pixel), [zero] "m"(zero), [skipped] "m"(skipped)
      : "r4", "r5", "r6", "r8", "cc", "memory");
}

#endif
