#ifndef THIMBLE_PAIRS_I8_ARMV7EM_C
#define THIMBLE_PAIRS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As pairs_i8, in the instructions of ARMv7E-M; all registers are taken, so where it ends is in
// memory. Eight inputs a round; the first one begins in its middle where they leave four.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_i8(const int16_t *values, const int32_t *weight,
                                              int fours, int32_t *sums) {
  const int16_t *const end = values + 8 * fours;
  int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
  int32_t low_0 = 0, low_1 = 0, low_2 = 0, low_3 = 0;
  int32_t first, second, w_0 = fours & 1, w_1;
  __asm__(
      ".syntax unified\n"
      ".macro thimble_pair weight both_0 low_0 both_1 low_1\n"
      "smlad \\both_0, \\weight, %[first], \\both_0\n"
      "smlad \\both_1, \\weight, %[second], \\both_1\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low_0, \\weight, %[first], \\low_0\n"
      "smlad \\low_1, \\weight, %[second], \\low_1\n"
      ".endm\n"
      ".macro thimble_four\n"
      ".rept 2\n"
      "ldrd %[first], %[second], [%[values]], #8\n"
      "ldrd %[w_0], %[w_1], [%[weight]], #8\n"
      "thimble_pair %[w_0] %[both_0] %[low_0] %[both_2] %[low_2]\n"
      "thimble_pair %[w_1] %[both_1] %[low_1] %[both_3] %[low_3]\n"
      ".endr\n"
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
      ".purgem thimble_pair\n"
      : [values] "+r"(values), [weight] "+r"(weight), [both_0] "+r"(both_0), [both_1] "+r"(both_1),
        [both_2] "+r"(both_2), [both_3] "+r"(both_3), [low_0] "+r"(low_0), [low_1] "+r"(low_1),
        [low_2] "+r"(low_2), [low_3] "+r"(low_3), [first] "=&r"(first), [second] "=&r"(second),
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
