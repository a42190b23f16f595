#ifndef THIMBLE_EIGHTS_I8_ARMV7EM_C
#define THIMBLE_EIGHTS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As eights_i8, in the instructions of ARMv7E-M, as pairs_i8 has them: eight inputs a round, all
// registers taken.
THIMBLE_KERNEL THIMBLE_NOINLINE void eights_i8(const int8_t *values, const int32_t *weight,
                                               int fours, int32_t *sums) {
  const int8_t *const end = values + 4 * fours;
  int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
  int32_t low_0 = 0, low_1 = 0, low_2 = 0, low_3 = 0;
  int32_t four, two, w_0 = fours & 1, w_1;
  __asm__(
      ".syntax unified\n"
      ".macro thimble_pair weight both low\n"
      "smlad \\both, \\weight, %[two], \\both\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low, \\weight, %[two], \\low\n"
      ".endm\n"
      ".macro thimble_two\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_0] %[low_0]\n"
      "thimble_pair %[w_1] %[both_1] %[low_1]\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_2] %[low_2]\n"
      "thimble_pair %[w_1] %[both_3] %[low_3]\n"
      ".endm\n"
      ".macro thimble_four\n"
      "ldr %[four], [%[values]], #4\n"
      "sxtb16 %[two], %[four]\n"
      "thimble_two\n"
      "sxtb16 %[two], %[four], ror #8\n"
      "thimble_two\n"
      ".endm\n"
      "cmp %[w_0], #0\n"
      "bne 2f\n"
      "1:\n"
      "thimble_four\n"
      "2:\n"
      "thimble_four\n"
      "ldr %[w_0], %[end]\n"
      "cmp %[values], %[w_0]\n"
      "bne 1b\n"
      ".purgem thimble_four\n"
      ".purgem thimble_two\n"
      ".purgem thimble_pair\n"
      : [values] "+r"(values), [weight] "+r"(weight), [both_0] "+r"(both_0), [both_1] "+r"(both_1),
        [both_2] "+r"(both_2), [both_3] "+r"(both_3), [low_0] "+r"(low_0), [low_1] "+r"(low_1),
        [low_2] "+r"(low_2), [low_3] "+r"(low_3), [four] "=&r"(four), [two] "=&r"(two),
        [w_0] "+r"(w_0), [w_1] "=&r"(w_1)
      : [end] "m"(end)
      : "cc", "memory");
  sums[0] = low_0;
  sums[1] = (both_0 - low_0) >> 8;
  sums[2] = low_1;
  sums[3] = (both_1 - low_1) >> 8;
  sums[4] = low_2;
  sums[5] = (both_2 - low_2) >> 8;
  sums[6] = low_3;
  sums[7] = (both_3 - low_3) >> 8;
}

#endif
