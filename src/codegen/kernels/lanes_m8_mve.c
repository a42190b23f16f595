#ifndef THIMBLE_LANES_M8_MVE_C
#define THIMBLE_LANES_M8_MVE_C
#include "thimble_kernel.h"

// As lanes_sparse, pixels side by side in two vectors; those behind the last are the last again. Of
// a byte of bits only those that are set are gone to: it is turned round, and as many as its
// leading zeros are passed over.
THIMBLE_KERNEL THIMBLE_NOINLINE void lanes_m8(const int8_t *values, int step, int pixels, int count,
                                              const uint8_t **codes, int *left, int32_t *sums,
                                              int pitch) {
  const uint8_t *code = *codes;
  unsigned map = (unsigned)*left;
  int some, bits, zeros;
  if (count > 0) {
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
        "cmp %[map], #2\n"
        "itt lo\n"
        "ldrblo %[map], [%[code]], #1\n"
        "orrlo %[map], %[map], #256\n"
        "clz %[some], %[map]\n" /* as many of the bits that are left as are counted */
        "rsb %[some], %[some], #31\n"
        "cmp %[some], %[count]\n"
        "it gt\n"
        "movgt %[some], %[count]\n"
        "subs r4, %[values], #1\n"
        "add %[values], %[values], %[some]\n"
        "rbit %[bits], %[map]\n"
        "lsr %[map], %[map], %[some]\n"
        "rsb %[zeros], %[some], #32\n"
        "lsrs %[bits], %[bits], %[zeros]\n"
        "sub %[count], %[count], %[some]\n"
        "beq 3f\n"
        "lsls %[bits], %[bits], %[zeros]\n"
        "2:\n"
        "clz %[zeros], %[bits]\n"
        "adds %[zeros], %[zeros], #1\n"
        "lsls %[bits], %[bits], %[zeros]\n"
        "add r4, r4, %[zeros]\n"
        "ldrsb %[some], [%[code]], #1\n"
        "vldrb.s32 q6, [r4, q0]\n"
        "vldrb.s32 q7, [r4, q1]\n"
        "vmla.s32 q2, q6, %[some]\n"
        "vmla.s32 q3, q7, %[some]\n"
        "bne 2b\n"
        "3:\n"
        "cmp %[count], #0\n"
        "bgt 1b\n"
        "vstrw.32 q2, [%[sums], q4, uxtw #2]\n"
        "vstrw.32 q3, [%[sums], q5, uxtw #2]\n"
        : [code] "+&r"(code), [values] "+&l"(values), [map] "+&r"(map), [count] "+&r"(count),
          [some] "=&r"(some), [bits] "=&l"(bits), [zeros] "=&l"(zeros)
        : [last] "r"(pixels - 1), [step] "r"(step), [pitch] "r"(pitch), [sums] "r"(sums)
        : "r4", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "cc", "memory");
  }
  *codes = code;
  *left = (int)map;
}

#endif
