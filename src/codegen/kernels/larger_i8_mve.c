#ifndef THIMBLE_LARGER_I8_MVE_C
#define THIMBLE_LARGER_I8_MVE_C
#include "thimble_kernel.h"

// As larger_i8, sixteen channels at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void larger_i8(int8_t *out, const int8_t *so_far,
                                               const int8_t *pixel, int pixels, int step,
                                               int channels) {
  const int8_t *at;
  int left;
  __asm__ volatile(
      "1:\n"
      "vctp.8 %[channels]\n"
      "vpst\n"
      "vldrbt.u8 q0, [%[so_far]], #16\n"
      "mov %[at], %[pixel]\n"
      "mov %[left], %[pixels]\n"
      "2:\n"
      "vpst\n"
      "vldrbt.u8 q1, [%[at]]\n"
      "add %[at], %[at], %[step]\n"
      "vmax.s8 q0, q0, q1\n"
      "subs %[left], %[left], #1\n"
      "bne 2b\n"
      "vpst\n"
      "vstrbt.8 q0, [%[out]], #16\n"
      "add %[pixel], %[pixel], #16\n"
      "subs %[channels], %[channels], #16\n"
      "bgt 1b\n"
      : [out] "+&r"(out), [so_far] "+&r"(so_far), [pixel] "+&r"(pixel), [channels] "+&r"(channels),
        [at] "=&r"(at), [left] "=&r"(left)
      : [pixels] "r"(pixels), [step] "r"(step)
      : "q0", "q1", "cc", "memory");
}

#endif
