#ifndef THIMBLE_DOT_I8_MVE_C
#define THIMBLE_DOT_I8_MVE_C
#include "thimble_kernel.h"

// Sum of weight * value over `count` neighbours, sixteen at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  int32_t sum = 0;
  __asm__(
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n"
      "vldrb.8 q0, [%[values]], #16\n"
      "vldrb.8 q1, [%[weight]], #16\n"
      "vmladava.s8 %[sum], q0, q1\n"
      "letp lr, 1b\n"
      "2:\n"
      : [sum] "+&Te"(sum), [values] "+&r"(values), [weight] "+&r"(weight)
      : [count] "r"(count)
      : "q0", "q1", "lr", "cc", "memory");
  return sum;
}

#endif
