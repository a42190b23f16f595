#ifndef THIMBLE_WIDEN_VECTOR_I8_ARMV7EM_C
#define THIMBLE_WIDEN_VECTOR_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As widen_vector_i8, in the instructions of ARMv7E-M.
THIMBLE_KERNEL void widen_vector_i8(int16_t *wide, const int8_t *values, int fours) {
  int32_t even, odd;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "ldr %[odd], [%[values]], #4\n"
      "sxtb16 %[even], %[odd]\n"
      "sxtb16 %[odd], %[odd], ror #8\n"
      "subs %[fours], %[fours], #1\n"
      "strd %[even], %[odd], [%[wide]], #8\n"
      "bne 1b\n"
      : [wide] "+&r"(wide), [values] "+&r"(values), [fours] "+&r"(fours), [even] "=&r"(even),
        [odd] "=&r"(odd)
      :
      : "cc", "memory");
}

#endif
