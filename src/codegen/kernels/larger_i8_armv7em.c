#ifndef THIMBLE_LARGER_I8_ARMV7EM_C
#define THIMBLE_LARGER_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As larger_i8, in the instructions of ARMv7E-M: four channels at a time, then two, then one.
THIMBLE_KERNEL THIMBLE_NOINLINE void larger_i8(int8_t *out, const int8_t *so_far,
                                               const int8_t *pixel, int pixels, int step,
                                               int channels) {
  const int8_t *at;
  int left;
  int32_t most, value, over;
  __asm__ volatile(
      ".syntax unified\n"
      "subs %[channels], %[channels], #4\n"
      "blt 3f\n"
      "1:\n"
      "ldr %[most], [%[so_far]], #4\n"
      "mov %[at], %[pixel]\n"
      "mov %[left], %[pixels]\n"
      "2:\n"
      "ldr %[value], [%[at]]\n"
      "add %[at], %[at], %[step]\n"
      "ssub8 %[over], %[most], %[value]\n"
      "sel %[most], %[most], %[value]\n"
      "subs %[left], %[left], #1\n"
      "bne 2b\n"
      "str %[most], [%[out]], #4\n"
      "add %[pixel], %[pixel], #4\n"
      "subs %[channels], %[channels], #4\n"
      "bge 1b\n"
      "3:\n"
      "tst %[channels], #2\n"
      "beq 5f\n"
      "ldrh %[most], [%[so_far]], #2\n"
      "mov %[at], %[pixel]\n"
      "mov %[left], %[pixels]\n"
      "4:\n"
      "ldrh %[value], [%[at]]\n"
      "add %[at], %[at], %[step]\n"
      "ssub8 %[over], %[most], %[value]\n"
      "sel %[most], %[most], %[value]\n"
      "subs %[left], %[left], #1\n"
      "bne 4b\n"
      "strh %[most], [%[out]], #2\n"
      "add %[pixel], %[pixel], #2\n"
      "5:\n"
      "tst %[channels], #1\n"
      "beq 7f\n"
      "ldrsb %[most], [%[so_far]]\n"
      "6:\n"
      "ldrsb %[value], [%[pixel]]\n"
      "add %[pixel], %[pixel], %[step]\n"
      "cmp %[value], %[most]\n"
      "it gt\n"
      "movgt %[most], %[value]\n"
      "subs %[pixels], %[pixels], #1\n"
      "bne 6b\n"
      "strb %[most], [%[out]]\n"
      "7:\n"
      : [out] "+&r"(out), [so_far] "+&r"(so_far), [pixel] "+&r"(pixel), [pixels] "+&r"(pixels),
        [channels] "+&r"(channels), [at] "=&r"(at), [left] "=&r"(left), [most] "=&r"(most),
        [value] "=&r"(value), [over] "=&r"(over)
      : [step] "r"(step)
      : "cc", "memory");
}

#endif
