#ifndef THIMBLE_OUTPUTS_I8_LINE_MVE_C
#define THIMBLE_OUTPUTS_I8_LINE_MVE_C
#include "thimble_kernel.h"

// As outputs_i8_line.c, four at a time: of the 32 x 32 bit products the high halves.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_line(int8_t *out, const int32_t *sums, int count,
                                                     const int32_t *full_bias,
                                                     const int32_t *multiplier, int shift,
                                                     int32_t out_zero) {
  const int left = -shift;
  __asm__ volatile(
      "dlstp.32 lr, %[count]\n"
      "1:\n"
      "vldrw.32 q0, [%[sums]], #16\n"
      "vldrw.32 q1, [%[bias]], #16\n"
      "vmla.s32 q1, q0, %[scale]\n"
      "vldrw.32 q0, [%[factor]], #16\n"
      "vmulh.s32 q0, q0, q1\n"
      "vadd.i32 q0, q0, %[zero]\n"
      "vshl.s32 q0, %[left]\n"
      "vqmovnb.s32 q0, q0\n"
      "vqmovnb.s16 q0, q0\n"
      "vstrb.32 q0, [%[out]], #4\n"
      "letp lr, 1b\n"
      : [out] "+&l"(out), [sums] "+&r"(sums), [bias] "+&r"(full_bias), [factor] "+&r"(multiplier)
      : [count] "r"(count), [scale] "r"(256), [zero] "r"(out_zero), [left] "r"(left)
      : "q0", "q1", "lr", "cc", "memory");
}

#endif
