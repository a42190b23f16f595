#ifndef THIMBLE_WIDEN_TWO_I8_ARMV7EM_C
#define THIMBLE_WIDEN_TWO_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As widen_two_i8, in the instructions of ARMv7E-M.
THIMBLE_KERNEL void widen_two_i8(int16_t *wide, const int8_t *first, const int8_t *second,
                                 int fours) {
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "ldr r6, [%[first]], #4\n"
      "ldr r8, [%[second]], #4\n"
      "sxtb16 r4, r6\n"
      "sxtb16 r5, r8\n"
      "sxtb16 r6, r6, ror #8\n"
      "sxtb16 r8, r8, ror #8\n"
      "stmia %[wide]!, {r4, r5, r6, r8}\n"
      "subs %[fours], %[fours], #1\n"
      "bne 1b\n"
      : [wide] "+&r"(wide), [first] "+&r"(first), [second] "+&r"(second), [fours] "+&r"(fours)
      :
      : "r4", "r5", "r6", "r8", "cc", "memory");
}

#endif
