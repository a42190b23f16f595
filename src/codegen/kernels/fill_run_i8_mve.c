#ifndef THIMBLE_FILL_RUN_I8_MVE_C
#define THIMBLE_FILL_RUN_I8_MVE_C
#include "thimble_kernel.h"

// As fill_run_i8.c, sixteen at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t *fill_run_i8(int8_t *to, int value, int count) {
  int8_t *at = to;
  __asm__ volatile(
      "vdup.8 q0, %[value]\n"
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n"
      "vstrb.8 q0, [%[at]], #16\n"
      "letp lr, 1b\n"
      "2:\n"
      : [at] "+&r"(at)
      : [value] "r"(value), [count] "r"(count)
      : "q0", "lr", "cc", "memory");
  return to + count;
}

#endif
