#ifndef THIMBLE_THREES_I8_ARMV7EM_C
#define THIMBLE_THREES_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As threes_i8, in the instructions of ARMv7E-M; all registers are taken. Sixteen inputs a round;
// behind two inputs that sums start with, the first one begins where it leaves as many as are over.
THIMBLE_KERNEL THIMBLE_NOINLINE void threes_i8(const int16_t *values, const int32_t *weight,
                                               int fours, int outputs, int8_t *out, int out_pixel,
                                               int32_t zero) {
  const int16_t *const first_value = values, *const end = values + 12 * fours;
  const int32_t *const weight_end = weight + outputs / 2 * (2 * fours + 4);
  const int skipped = (-fours & 3) * 68 + 36; /* bytes of a four, and of its first half */
  int32_t both_0, both_1, both_2, low_0, low_1, low_2, w_0, w_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_half weight\n"
      "smlad %[both_0], \\weight, r4, %[both_0]\n"
      "smlad %[both_1], \\weight, r5, %[both_1]\n"
      "smlad %[both_2], \\weight, r6, %[both_2]\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad %[low_0], \\weight, r4, %[low_0]\n"
      "smlad %[low_1], \\weight, r5, %[low_1]\n"
      "smlad %[low_2], \\weight, r6, %[low_2]\n"
      ".endm\n"
      ".macro thimble_end low both\n"
      "add \\low, r5, \\low, lsl #8\n"
      "smmla \\both, \\both, r4, %[w_0]\n"
      "smmla \\low, \\low, r6, %[w_0]\n"
      "ssat \\both, #8, \\both, asr #10\n"
      "ssat \\low, #8, \\low, asr #10\n"
      "bfi \\low, \\both, #8, #8\n"
      ".endm\n"
      "1:\n"
      "ldr %[both_2], [%[weight]], #4\n"
      "ldr %[values], %[first_value]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "ldmia.w %[values]!, {r4, r5, r6}\n"
      "smlad %[both_0], %[w_0], r4, %[both_2]\n"
      "smlad %[both_1], %[w_0], r5, %[both_2]\n"
      "smlad %[both_2], %[w_0], r6, %[both_2]\n"
      "sxtb16 %[w_0], %[w_0]\n"
      "smuad %[low_0], %[w_0], r4\n"
      "smuad %[low_1], %[w_0], r5\n"
      "smuad %[low_2], %[w_0], r6\n"
      "ldr %[w_0], %[skipped]\n"
      "add pc, pc, %[w_0]\n"
      "nop\n"
      "2:\n"
      ".rept 4\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "ldmia.w %[values]!, {r4, r5, r6}\n"
      "thimble_half %[w_0]\n"
      "ldmia.w %[values]!, {r4, r5, r6}\n"
      "thimble_half %[w_1]\n"
      ".endr\n"
      ".if . - 2b != 272\n"
      ".error \"a four has another size\"\n"
      ".endif\n"
      "cmp %[values], %[end]\n"
      "bne 2b\n"
      "ldmia %[weight]!, {r4, r5, r6}\n"
      "ldr %[w_0], %[zero]\n"
      "ldr %[w_1], %[out]\n"
      "sub %[both_0], %[both_0], %[low_0]\n"
      "sub %[both_1], %[both_1], %[low_1]\n"
      "sub %[both_2], %[both_2], %[low_2]\n"
      "thimble_end %[low_0] %[both_0]\n"
      "thimble_end %[low_1] %[both_1]\n"
      "thimble_end %[low_2] %[both_2]\n"
      "ldr r4, %[out_pixel]\n"
      "ldr r5, %[weight_end]\n"
      "strh %[low_1], [%[w_1], r4]\n"
      "strh %[low_2], [%[w_1], r4, lsl #1]\n"
      "strh %[low_0], [%[w_1]], #2\n"
      "str %[w_1], %[out]\n"
      "cmp %[weight], r5\n"
      "bne 1b\n"
      ".purgem thimble_half\n"
      ".purgem thimble_end\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [out] "+m"(out), [both_0] "=&r"(both_0),
        [both_1] "=&r"(both_1), [both_2] "=&r"(both_2), [low_0] "=&r"(low_0), [low_1] "=&r"(low_1),
        [low_2] "=&r"(low_2), [w_0] "=&r"(w_0), [w_1] "=&r"(w_1)
      : [end] "r"(end), [first_value] "m"(first_value), [weight_end] "m"(weight_end),
        [out_pixel] "m"(out_pixel), [zero] "m"(zero), [skipped] "m"(skipped)
      : "r4", "r5", "r6", "cc", "memory");
}

#endif
