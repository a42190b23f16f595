#ifndef THIMBLE_SPREAD9_I8_ARMV7EM_C
#define THIMBLE_SPREAD9_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As spread9_i8, in the instructions of ARMv7E-M: rows 0 and 1 are a word. All registers are taken:
// where it ends is in memory.
THIMBLE_KERNEL THIMBLE_NOINLINE void spread9_i8(int16_t *planes, const int8_t *row_0,
                                                const int8_t *row_1, const int8_t *row_2, int step,
                                                int columns, int zero) {
  const int16_t *const end = planes + 16 * columns;
  const uint32_t zeros = (uint16_t)-zero * (uint32_t)0x10001;
  int32_t even_0, even_1, even_2, odd_0, odd_1, odd_2, two, offset = 0;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "ldr %[odd_0], [%[row_0], %[offset]]\n"
      "ldr %[odd_1], [%[row_1], %[offset]]\n"
      "ldr %[odd_2], [%[row_2], %[offset]]\n"
      "add %[offset], %[offset], %[step]\n"
      "sxtab16 %[even_0], %[zeros], %[odd_0]\n"
      "sxtab16 %[even_1], %[zeros], %[odd_1]\n"
      "sxtab16 %[even_2], %[zeros], %[odd_2]\n"
      "sxtab16 %[odd_0], %[zeros], %[odd_0], ror #8\n"
      "sxtab16 %[odd_1], %[zeros], %[odd_1], ror #8\n"
      "sxtab16 %[odd_2], %[zeros], %[odd_2], ror #8\n"
      "pkhbt %[two], %[even_0], %[even_1], lsl #16\n"
      "strd %[two], %[even_2], [%[planes]], #8\n"
      "pkhbt %[two], %[odd_0], %[odd_1], lsl #16\n"
      "strd %[two], %[odd_2], [%[planes]], #8\n"
      "pkhtb %[two], %[even_1], %[even_0], asr #16\n"
      "asr %[even_2], %[even_2], #16\n"
      "strd %[two], %[even_2], [%[planes]], #8\n"
      "pkhtb %[two], %[odd_1], %[odd_0], asr #16\n"
      "asr %[odd_2], %[odd_2], #16\n"
      "strd %[two], %[odd_2], [%[planes]], #8\n"
      "ldr %[two], %[end]\n"
      "cmp %[planes], %[two]\n"
      "bne 1b\n"
      : [planes] "+&r"(planes), [offset] "+&r"(offset), [even_0] "=&r"(even_0),
        [even_1] "=&r"(even_1), [even_2] "=&r"(even_2), [odd_0] "=&r"(odd_0), [odd_1] "=&r"(odd_1),
        [odd_2] "=&r"(odd_2), [two] "=&r"(two)
      : [row_0] "r"(row_0), [row_1] "r"(row_1), [row_2] "r"(row_2), [step] "r"(step),
        [zeros] "r"(zeros), [end] "m"(end)
      : "cc", "memory");
}

#endif
