#ifndef THIMBLE_PAIRS_ODD_I8_ARMV7EM_C
#define THIMBLE_PAIRS_ODD_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As pairs_odd_i8, in the instructions of ARMv7E-M, four outputs at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void pairs_odd_i8(const int16_t *values, const int32_t *weight,
                                                  int fours, int outputs, int32_t *sums) {
  const int32_t *const weight_end = weight + outputs * fours;
  int left;
  int32_t both_0, both_1, low_0, low_1, two;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_pair weight both low\n"
      "smlad \\both, \\weight, %[two], \\both\n"
      "sxtb16 \\weight, \\weight\n"
      "smlad \\low, \\weight, %[two], \\low\n"
      ".endm\n"
      "1:\n"
      "mov %[left], %[fours]\n"
      "mov %[both_0], #0\n"
      "mov %[both_1], #0\n"
      "mov %[low_0], #0\n"
      "mov %[low_1], #0\n"
      "2:\n"
      "ldmia %[weight]!, {r4, r5, r6, r8}\n"
      "ldr %[two], [%[values]], #8\n"
      "thimble_pair r4 %[both_0] %[low_0]\n"
      "thimble_pair r5 %[both_1] %[low_1]\n"
      "ldr %[two], [%[values]], #8\n"
      "thimble_pair r6 %[both_0] %[low_0]\n"
      "thimble_pair r8 %[both_1] %[low_1]\n"
      "subs %[left], %[left], #1\n"
      "bne 2b\n"
      "sub %[values], %[values], %[fours], lsl #4\n"
      "sub %[both_0], %[both_0], %[low_0]\n"
      "sub %[both_1], %[both_1], %[low_1]\n"
      "asr %[both_0], %[both_0], #8\n"
      "asr %[both_1], %[both_1], #8\n"
      "strd %[low_0], %[both_0], [%[sums]], #8\n"
      "strd %[low_1], %[both_1], [%[sums]], #8\n"
      "ldr %[two], %[weight_end]\n"
      "cmp %[weight], %[two]\n"
      "bne 1b\n"
      ".purgem thimble_pair\n"
      : [values] "+&r"(values), [weight] "+&r"(weight), [sums] "+&r"(sums), [left] "=&r"(left),
        [both_0] "=&r"(both_0), [both_1] "=&r"(both_1), [low_0] "=&r"(low_0), [low_1] "=&r"(low_1),
        [two] "=&r"(two)
      : [fours] "r"(fours), [weight_end] "m"(weight_end)
      : "r4", "r5", "r6", "r8", "cc", "memory");
}

#endif
