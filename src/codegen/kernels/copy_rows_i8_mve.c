#ifndef THIMBLE_COPY_ROWS_I8_MVE_C
#define THIMBLE_COPY_ROWS_I8_MVE_C
#include "thimble_kernel.h"

// As copy_rows_i8.c, sixteen at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void copy_rows_i8(int8_t *to, int to_pitch, const int8_t *values,
                                                  int pitch, int count, int rows) {
  const int stepped = (count + 15) & ~15;
  to_pitch -= stepped;
  pitch -= stepped;
  __asm__ volatile(
      "1:\n"
      "dlstp.8 lr, %[count]\n"
      "2:\n"
      "vldrb.8 q0, [%[values]], #16\n"
      "vstrb.8 q0, [%[to]], #16\n"
      "letp lr, 2b\n"
      "add %[values], %[values], %[pitch]\n"
      "add %[to], %[to], %[to_pitch]\n"
      "subs %[rows], %[rows], #1\n"
      "bne 1b\n"
      : [to] "+&r"(to), [values] "+&r"(values), [rows] "+&r"(rows)
      : [count] "r"(count), [pitch] "r"(pitch), [to_pitch] "r"(to_pitch)
      : "q0", "lr", "cc", "memory");
}

#endif
