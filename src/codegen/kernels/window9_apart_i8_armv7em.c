#ifndef THIMBLE_WINDOW9_APART_I8_ARMV7EM_C
#define THIMBLE_WINDOW9_APART_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As window9_apart_i8, in the instructions of ARMv7E-M, as window9_i8 has them: a window's third
// column is the next one's first.
THIMBLE_KERNEL THIMBLE_NOINLINE void window9_apart_i8(const int16_t *planes, const int8_t *weight,
                                                      int pixels, int32_t *sums) {
  const int back_planes = 32 * (2 * pixels + 1) - 8, back_sums = 32 * pixels - 4;
  int channels = 4;
  int32_t w_0, w_1, w_2, low_02, low_1, sum_0, sum_1, two, low, left;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_first sum\n"
      "smuad \\sum, %[two], %[w_0]\n"
      "smlabb \\sum, %[low], %[low_02], \\sum\n"
      ".endm\n"
      ".macro thimble_second sum\n"
      "smlad \\sum, %[two], %[w_1], \\sum\n"
      "smlabb \\sum, %[low], %[low_1], \\sum\n"
      ".endm\n"
      ".macro thimble_third sum\n"
      "smlad \\sum, %[two], %[w_2], \\sum\n"
      "smlabt \\sum, %[low], %[low_02], \\sum\n"
      "str \\sum, [%[sums]], #32\n"
      ".endm\n"
      "1:\n"
      "ldr %[two], [%[weight]]\n"       /* 0, 1, 2, 3 */
      "ldr %[low], [%[weight], #3]\n"   /* 3, 4, 5, 6 */
      "ldr %[low_1], [%[weight], #5]\n" /* 5, 6, 7, 8: nothing behind the last is read */
      "add %[weight], %[weight], #9\n"
      "sxtb16 %[w_0], %[two]\n"
      "sxtb16 %[w_1], %[two], ror #8\n"
      "sxtb16 %[two], %[low]\n"
      "sxtb16 %[low], %[low], ror #8\n"
      "pkhtb %[w_2], %[two], %[w_0], asr #16\n"
      "pkhbt %[w_0], %[w_0], %[two], lsl #16\n"
      "pkhbt %[w_1], %[w_1], %[low], lsl #16\n"
      "sxtb16 %[low_02], %[low_1], ror #8\n"
      "sxtb16 %[low_1], %[low_1], ror #16\n"
      "ldr %[left], %[pixels]\n"
      "ldrd %[two], %[low], [%[planes]], #32\n"
      "thimble_first %[sum_0]\n"
      "2:\n"
      "ldrd %[two], %[low], [%[planes]], #32\n"
      "thimble_second %[sum_0]\n"
      "ldrd %[two], %[low], [%[planes]], #32\n"
      "thimble_first %[sum_1]\n"
      "thimble_third %[sum_0]\n"
      "mov %[sum_0], %[sum_1]\n"
      "subs %[left], %[left], #1\n"
      "bne 2b\n"
      "ldr %[two], %[back_planes]\n"
      "ldr %[low], %[back_sums]\n"
      "sub %[planes], %[planes], %[two]\n"
      "sub %[sums], %[sums], %[low]\n"
      "ldr %[two], %[channels]\n"
      "subs %[two], %[two], #1\n"
      "str %[two], %[channels]\n"
      "bne 1b\n"
      ".purgem thimble_first\n"
      ".purgem thimble_second\n"
      ".purgem thimble_third\n"
      : [planes] "+&r"(planes), [weight] "+&r"(weight), [sums] "+&r"(sums),
        [channels] "+m"(channels), [w_0] "=&r"(w_0), [w_1] "=&r"(w_1), [w_2] "=&r"(w_2),
        [low_02] "=&r"(low_02), [low_1] "=&r"(low_1), [sum_0] "=&r"(sum_0), [sum_1] "=&r"(sum_1),
        [two] "=&r"(two), [low] "=&r"(low), [left] "=&r"(left)
      : [pixels] "m"(pixels), [back_planes] "m"(back_planes), [back_sums] "m"(back_sums)
      : "cc", "memory");
}

#endif
