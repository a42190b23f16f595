#ifndef THIMBLE_SUM_I8_MVE_C
#define THIMBLE_SUM_I8_MVE_C
#include "thimble_kernel.h"

// As sum_i8.c, sixteen at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_i8(const int8_t *values, int count) {
  int32_t sum = 0;
  __asm__(
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n"
      "vldrb.8 q0, [%[values]], #16\n"
      "vaddva.s8 %[sum], q0\n"
      "letp lr, 1b\n"
      "2:\n"
      : [sum] "+&Te"(sum), [values] "+&r"(values)
      : [count] "r"(count)
      : "q0", "lr", "cc", "memory");
  return sum;
}

#endif
