#ifndef THIMBLE_LANES_Z8_MVE_C
#define THIMBLE_LANES_Z8_MVE_C
#include "thimble_kernel.h"

// As lanes_sparse, pixels side by side in two vectors; those behind the last are the last again.
THIMBLE_KERNEL THIMBLE_NOINLINE void lanes_z8(const int8_t *values, int step, int pixels, int count,
                                              const uint8_t **codes, int *left, int32_t *sums,
                                              int pitch) {
  const uint8_t *code = *codes;
  const int8_t *const end = values + count;
  const int8_t *at = values + *left;
  int weight, zeros;
  if (at < end) {
    __asm__ volatile(
        "mov r4, #0\n"
        "vidup.u32 q0, r4, #1\n"
        "vidup.u32 q1, r4, #1\n"
        "vdup.32 q2, %[last]\n"
        "vmul.i32 q4, q0, %[pitch]\n"
        "vmul.i32 q5, q1, %[pitch]\n"
        "vmin.u32 q0, q0, q2\n"
        "vmin.u32 q1, q1, q2\n"
        "vmul.i32 q0, q0, %[step]\n"
        "vmul.i32 q1, q1, %[step]\n"
        "vldrw.u32 q2, [%[sums], q4, uxtw #2]\n"
        "vldrw.u32 q3, [%[sums], q5, uxtw #2]\n"
        "1:\n"
        "ldrsb %[weight], [%[code]], #1\n"
        "ldrb %[zeros], [%[code]], #1\n"
        "vldrb.s32 q6, [%[at], q0]\n"
        "vldrb.s32 q7, [%[at], q1]\n"
        "vmla.s32 q2, q6, %[weight]\n"
        "vmla.s32 q3, q7, %[weight]\n"
        "add %[at], %[at], %[zeros]\n"
        "adds %[at], %[at], #1\n"
        "cmp %[at], %[end]\n"
        "blo 1b\n"
        "vstrw.32 q2, [%[sums], q4, uxtw #2]\n"
        "vstrw.32 q3, [%[sums], q5, uxtw #2]\n"
        : [code] "+&r"(code), [at] "+&r"(at), [weight] "=&r"(weight), [zeros] "=&r"(zeros)
        : [last] "r"(pixels - 1), [step] "r"(step), [pitch] "r"(pitch), [sums] "r"(sums),
          [end] "r"(end)
        : "r4", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "cc", "memory");
  }
  *codes = code;
  *left = at - end;
}

#endif
