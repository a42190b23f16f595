#ifndef THIMBLE_PLANE_RUN_I8_MVE_C
#define THIMBLE_PLANE_RUN_I8_MVE_C
#include "thimble_kernel.h"

// As plane_run_i8.c, four at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void plane_run_i8(int8_t *out, const int8_t *a, const int8_t *b,
                                                  int count, int32_t a_factor, int32_t b_factor,
                                                  int32_t offset) {
  __asm__ volatile(
      "wlstp.32 lr, %[count], 2f\n"
      "1:\n"
      "vldrb.s32 q0, [%[a]], #4\n"
      "vldrb.s32 q1, [%[b]], #4\n"
      "vdup.32 q2, %[offset]\n"
      "vmla.s32 q2, q0, %[a_factor]\n"
      "vmla.s32 q2, q1, %[b_factor]\n"
      "vshr.s32 q2, q2, #21\n"
      "vqmovnb.s32 q2, q2\n"
      "vqmovnb.s16 q2, q2\n"
      "vstrb.32 q2, [%[out]], #4\n"
      "letp lr, 1b\n"
      "2:\n"
      : [out] "+&l"(out), [a] "+&l"(a), [b] "+&l"(b)
      : [count] "r"(count), [a_factor] "r"(a_factor), [b_factor] "r"(b_factor), [offset] "r"(offset)
      : "q0", "q1", "q2", "lr", "cc", "memory");
}

#endif
