#ifndef THIMBLE_WIDEN_ONES_I8_ARMV7EM_C
#define THIMBLE_WIDEN_ONES_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As widen_ones_i8, in the instructions of ARMv7E-M.
THIMBLE_KERNEL void widen_ones_i8(int16_t *both, int to_step, const int8_t *first,
                                  const int8_t *second, int step, int columns) {
  int32_t value, other;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "ldrsb %[value], [%[first]]\n"
      "ldrsb %[other], [%[first], %[second]]\n"
      "add %[first], %[first], %[step]\n"
      "strh %[value], [%[both]]\n"
      "strh %[other], [%[both], #4]\n"
      "add %[both], %[both], %[to_step]\n"
      "subs %[columns], %[columns], #1\n"
      "bne 1b\n"
      : [both] "+&r"(both), [first] "+&r"(first), [columns] "+&r"(columns), [value] "=&r"(value),
        [other] "=&r"(other)
      : [second] "r"(second - first), [step] "r"(step), [to_step] "r"(2 * to_step)
      : "cc", "memory");
}

#endif
