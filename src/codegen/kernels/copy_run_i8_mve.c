#ifndef THIMBLE_COPY_RUN_I8_MVE_C
#define THIMBLE_COPY_RUN_I8_MVE_C
#include "thimble_kernel.h"

// As copy_run_i8.c, sixteen at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t *copy_run_i8(int8_t *to, const int8_t *values, int count) {
  int8_t *at = to;
  __asm__ volatile(
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n"
      "vldrb.8 q0, [%[values]], #16\n"
      "vstrb.8 q0, [%[at]], #16\n"
      "letp lr, 1b\n"
      "2:\n"
      : [at] "+&r"(at), [values] "+&r"(values)
      : [count] "r"(count)
      : "q0", "lr", "cc", "memory");
  return to + count;
}

#endif
