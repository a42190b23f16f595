#ifndef THIMBLE_COLUMN_DOTS_I8_MVE_C
#define THIMBLE_COLUMN_DOTS_I8_MVE_C
#include "thimble_kernel.h"

// As column_dots_i8.c: a channel's window is four words of four columns, one of which may lie
// behind the last that is written: it has no weights.
THIMBLE_KERNEL THIMBLE_NOINLINE void column_dots_i8(const int8_t *columns, int step,
                                                    const int8_t *weight, const uint8_t *taps,
                                                    int count, int pixels, int32_t *sums) {
  __asm__ volatile(
      "vldrb.u8 q1, [%[taps]]\n"
      "add r4, %[weight], %[count]\n"
      "add r6, r4, %[count]\n"
      "add r8, r6, %[count]\n"
      "vptttt.i8 ne, q1, %[none]\n"
      "vldrbt.u8 q2, [%[weight], q1]\n"
      "vldrbt.u8 q3, [r4, q1]\n"
      "vldrbt.u8 q4, [r6, q1]\n"
      "vldrbt.u8 q5, [r8, q1]\n"
      "mov r4, #0\n"
      "vidup.u32 q0, r4, #8\n"
      "vshl.i32 q0, q0, #3\n"
      "vadd.i32 q0, q0, %[columns]\n"
      "dls lr, %[pixels]\n"
      "1:\n"
      "vldrw.u32 q1, [q0]\n"
      "vmladav.s8 r4, q1, q2\n"
      "vldrw.u32 q1, [q0, #4]\n"
      "vmladav.s8 r6, q1, q3\n"
      "vldrw.u32 q1, [q0, #8]\n"
      "vmladav.s8 r8, q1, q4\n"
      "vldrw.u32 q1, [q0, #12]\n"
      "vmladav.s8 r10, q1, q5\n"
      "vadd.i32 q0, q0, %[step]\n"
      "stmia %[sums], {r4, r6, r8, r10}\n"
      "add %[sums], %[sums], #64\n"
      "le lr, 1b\n"
      : [sums] "+&r"(sums)
      : [columns] "r"(columns), [step] "r"(step), [weight] "r"(weight), [taps] "r"(taps),
        [count] "r"(count), [pixels] "r"(pixels), [none] "r"(255)
      : "r4", "r6", "r8", "r10", "q0", "q1", "q2", "q3", "q4", "q5", "lr", "cc", "memory");
}

#endif
