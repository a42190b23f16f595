#ifndef THIMBLE_WIDEN_THREE_I8_ARMV7EM_C
#define THIMBLE_WIDEN_THREE_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As widen_three_i8, in the instructions of ARMv7E-M.
THIMBLE_KERNEL void widen_three_i8(int16_t *wide, const int8_t *first, const int8_t *second,
                                   const int8_t *third, int fours) {
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "ldr r8, [%[first]], #4\n"
      "ldr r9, [%[second]], #4\n"
      "ldr r10, [%[third]], #4\n"
      "sxtb16 r4, r8\n"
      "sxtb16 r5, r9\n"
      "sxtb16 r6, r10\n"
      "sxtb16 r8, r8, ror #8\n"
      "sxtb16 r9, r9, ror #8\n"
      "sxtb16 r10, r10, ror #8\n"
      "stmia %[wide]!, {r4, r5, r6, r8, r9, r10}\n"
      "subs %[fours], %[fours], #1\n"
      "bne 1b\n"
      : [wide] "+&r"(wide), [first] "+&r"(first), [second] "+&r"(second), [third] "+&r"(third),
        [fours] "+&r"(fours)
      :
      : "r4", "r5", "r6", "r8", "r9", "r10", "cc", "memory");
}

#endif
