#ifndef THIMBLE_EIGHTS_I8_ARMV7EM_C
#define THIMBLE_EIGHTS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As eights_i8, in the instructions of ARMv7E-M, as pairs_i8 has them: sixteen inputs a round, all
// registers taken.
THIMBLE_KERNEL THIMBLE_NOINLINE void eights_i8(const int8_t *values, const int32_t *weight,
                                               int fours, int outputs, int32_t *sums) {
  const int8_t *const first_value = values, *const end = values + 4 * fours;
  const int skipped = (-fours & 3) * 124 + 64; /* bytes of a four, and of half of one */
  int32_t both_0, both_1, both_2, both_3, low_0, low_1, low_2, low_3, four, two, w_0, w_1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_pair weight both low\n"
      "smlad \\both, \\weight, %[two], \\both\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low, \\weight, %[two], \\low\n"
      ".endm\n"
      ".macro thimble_start weight both low\n"
      "smuad \\both, \\weight, %[two]\n"
      "sxtb16 \\weight, \\weight\n"
      "smuad \\low, \\weight, %[two]\n"
      ".endm\n"
      ".macro thimble_two\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_0] %[low_0]\n"
      "thimble_pair %[w_1] %[both_1] %[low_1]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_2] %[low_2]\n"
      "thimble_pair %[w_1] %[both_3] %[low_3]\n"
      ".endm\n"
      ".macro thimble_high both low\n"
      "sub \\both, \\both, \\low\n"
      "asr \\both, \\both, #8\n"
      "strd \\low, \\both, [%[four]], #8\n"
      ".endm\n"
      "1:\n"
      "ldr %[values], %[first_value]\n"
      "ldr %[four], [%[values]], #4\n"
      "sxtb16 %[two], %[four]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_start %[w_0] %[both_0] %[low_0]\n"
      "thimble_start %[w_1] %[both_1] %[low_1]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_start %[w_0] %[both_2] %[low_2]\n"
      "thimble_start %[w_1] %[both_3] %[low_3]\n"
      "ldr %[w_0], %[skipped]\n"
      "add pc, pc, %[w_0]\n"
      "nop\n"
      "2:\n"
      ".rept 4\n"
      "ldr %[four], [%[values]], #4\n"
      "sxtb16 %[two], %[four]\n"
      "thimble_two\n"
      "sxtb16 %[two], %[four], ror #8\n"
      "thimble_two\n"
      ".endr\n"
      ".if . - 2b != 4 * 124\n"
      ".error \"a four has another size\"\n"
      ".endif\n"
      "ldr %[w_0], %[end]\n"
      "cmp %[values], %[w_0]\n"
      "bne 2b\n"
      "ldr %[four], %[sums]\n"
      "ldr %[two], %[outputs]\n"
      "thimble_high %[both_0] %[low_0]\n"
      "thimble_high %[both_1] %[low_1]\n"
      "thimble_high %[both_2] %[low_2]\n"
      "thimble_high %[both_3] %[low_3]\n"
      "subs %[two], %[two], #8\n"
      "str %[four], %[sums]\n"
      "str %[two], %[outputs]\n"
      "bgt 1b\n"
      ".purgem thimble_pair\n"
      ".purgem thimble_start\n"
      ".purgem thimble_two\n"
      ".purgem thimble_high\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [outputs] "+m"(outputs), [sums] "+m"(sums),
        [both_0] "=&r"(both_0), [both_1] "=&r"(both_1), [both_2] "=&r"(both_2),
        [both_3] "=&r"(both_3), [low_0] "=&r"(low_0), [low_1] "=&r"(low_1), [low_2] "=&r"(low_2),
        [low_3] "=&r"(low_3), [four] "=&r"(four), [two] "=&r"(two), [w_0] "=&r"(w_0),
        [w_1] "=&r"(w_1)
      : [first_value] "m"(first_value), [end] "m"(end), [skipped] "m"(skipped)
      : "cc", "memory");
}

#endif
