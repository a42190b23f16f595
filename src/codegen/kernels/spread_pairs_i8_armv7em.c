#ifndef THIMBLE_SPREAD_PAIRS_I8_ARMV7EM_C
#define THIMBLE_SPREAD_PAIRS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As spread_pairs_i8, in the instructions of ARMv7E-M. The last of an odd number enters the loop
// with zeros in the place of second columns; a step leads to the third of these.
THIMBLE_KERNEL THIMBLE_INLINE void spread_pairs_i8(int16_t *planes, const int8_t *row_0,
                                                   const int8_t *row_1, const int8_t *row_2,
                                                   int step, int columns, int zero) {
  const int16_t *end = planes + columns / 2 * 24;
  const uint32_t mask = 0xFF00FF00, zeros = (uint8_t)zero * (uint32_t)0x01010101;
  const uint32_t *const zeros_at = &zeros;
  int odd = columns % 2;
  int32_t low_0, low_1, high_0, high_1, t_0, t_1;
  __asm__ volatile(
      ".syntax unified\n"
      "b 3f\n"
      "1:\n"
      "ldr %[low_0], [%[row_0]]\n"
      "ldr %[low_1], [%[row_0], %[step]]\n"
      "ldr %[t_0], [%[row_1]]\n"
      "ldr %[t_1], [%[row_1], %[step]]\n"
      "add %[row_0], %[row_0], %[step], lsl #1\n"
      "add %[row_1], %[row_1], %[step], lsl #1\n"
      "2:\n"
      "pkhtb %[high_0], %[t_0], %[low_0], asr #16\n"
      "pkhtb %[high_1], %[t_1], %[low_1], asr #16\n"
      "pkhbt %[low_0], %[low_0], %[t_0], lsl #16\n"
      "pkhbt %[low_1], %[low_1], %[t_1], lsl #16\n"
      "and %[t_0], %[mask], %[low_0], lsl #8\n"
      "and %[t_1], %[mask], %[low_1], lsl #8\n"
      "strd %[t_0], %[t_1], [%[planes]]\n"
      "and %[low_0], %[low_0], %[mask]\n"
      "and %[low_1], %[low_1], %[mask]\n"
      "strd %[low_0], %[low_1], [%[planes], #12]\n"
      "and %[t_0], %[mask], %[high_0], lsl #8\n"
      "and %[t_1], %[mask], %[high_1], lsl #8\n"
      "strd %[t_0], %[t_1], [%[planes], #24]\n"
      "and %[high_0], %[high_0], %[mask]\n"
      "and %[high_1], %[high_1], %[mask]\n"
      "strd %[high_0], %[high_1], [%[planes], #36]\n"
      "ldr %[low_0], [%[row_2]]\n"
      "ldr %[t_0], [%[row_2], %[step]]\n"
      "add %[row_2], %[row_2], %[step], lsl #1\n"
      "pkhtb %[high_0], %[t_0], %[low_0], asr #16\n"
      "pkhbt %[low_0], %[low_0], %[t_0], lsl #16\n"
      "and %[t_0], %[mask], %[low_0], lsl #8\n"
      "and %[low_0], %[low_0], %[mask]\n"
      "and %[t_1], %[mask], %[high_0], lsl #8\n"
      "and %[high_0], %[high_0], %[mask]\n"
      "str %[t_0], [%[planes], #8]\n"
      "str %[low_0], [%[planes], #20]\n"
      "str %[t_1], [%[planes], #32]\n"
      "str %[high_0], [%[planes], #44]\n"
      "add %[planes], %[planes], #48\n"
      "3:\n"
      "cmp %[planes], %[end]\n"
      "bne 1b\n"
      "ldr %[t_1], %[odd]\n"
      "cmp %[t_1], #0\n"
      "beq 4f\n"
      "mov %[t_1], #0\n"
      "str %[t_1], %[odd]\n"
      "ldr %[low_0], [%[row_0]]\n"
      "ldr %[t_0], [%[row_1]]\n"
      "ldr %[low_1], %[zeros]\n"
      "mov %[t_1], %[low_1]\n"
      "ldr %[step], %[zeros_at]\n"
      "sub %[step], %[step], %[row_2]\n"
      "add %[end], %[planes], #48\n"
      "b 2b\n"
      "4:\n"
      : [planes] "+&r"(planes), [row_0] "+&r"(row_0), [row_1] "+&r"(row_1), [row_2] "+&r"(row_2),
        [step] "+&r"(step), [end] "+&r"(end), [odd] "+m"(odd), [low_0] "=&r"(low_0),
        [low_1] "=&r"(low_1), [high_0] "=&r"(high_0), [high_1] "=&r"(high_1), [t_0] "=&r"(t_0),
        [t_1] "=&r"(t_1)
      : [mask] "r"(mask), [zeros] "m"(zeros), [zeros_at] "m"(zeros_at)
      : "cc", "memory");
}

#endif
