#ifndef THIMBLE_LANES_I8_MVE_C
#define THIMBLE_LANES_I8_MVE_C
#include "thimble_kernel.h"

// As lanes_i8.c, four channels a vector.
THIMBLE_KERNEL THIMBLE_NOINLINE void lanes_i8(const int8_t *values, int step, const int8_t *weight,
                                              int pitch, int count, int zero, int32_t *sums) {
  const int less = -zero;
  if (count <= 0) return;
  __asm__ volatile(
      "mov r4, #0\n"
      "vidup.u32 q0, r4, #1\n"
      "vmul.i32 q0, q0, %[pitch]\n"
      "vldrw.32 q1, [%[sums]]\n"
      "dls lr, %[count]\n"
      "1:\n"
      "vldrb.s32 q2, [%[values]]\n"
      "vldrb.s32 q3, [%[weight], q0]\n"
      "vadd.i32 q2, q2, %[less]\n"
      "vmul.i32 q2, q2, q3\n"
      "vadd.i32 q1, q1, q2\n"
      "add %[values], %[values], %[step]\n"
      "add %[weight], %[weight], #1\n"
      "le lr, 1b\n"
      "vstrw.32 q1, [%[sums]]\n"
      : [values] "+&l"(values), [weight] "+&r"(weight)
      : [step] "r"(step), [pitch] "r"(pitch), [count] "r"(count), [less] "r"(less), [sums] "r"(sums)
      : "r4", "q0", "q1", "q2", "q3", "lr", "cc", "memory");
}

#endif
