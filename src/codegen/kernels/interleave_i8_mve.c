#ifndef THIMBLE_INTERLEAVE_I8_MVE_C
#define THIMBLE_INTERLEAVE_I8_MVE_C
#include "thimble_kernel.h"

// As interleave_i8.c, a column at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void interleave_i8(int8_t *to, const int8_t *const *rows,
                                                   const int *steps, int columns, int channels) {
  const int8_t *row_0 = rows[0], *row_1 = rows[1], *row_2 = rows[2];
  __asm__ volatile(
      "vctp.8 %[channels]\n"
      "vmov.i32 q3, #0\n"
      "dls lr, %[columns]\n"
      "1:\n"
      "vpsttt\n"
      "vldrbt.u8 q0, [%[row_0]]\n"
      "vldrbt.u8 q1, [%[row_1]]\n"
      "vldrbt.u8 q2, [%[row_2]]\n"
      "add %[row_0], %[row_0], %[step_0]\n"
      "add %[row_1], %[row_1], %[step_1]\n"
      "add %[row_2], %[row_2], %[step_2]\n"
      "vst40.8 {q0, q1, q2, q3}, [%[to]]\n"
      "vst41.8 {q0, q1, q2, q3}, [%[to]]\n"
      "vst42.8 {q0, q1, q2, q3}, [%[to]]\n"
      "vst43.8 {q0, q1, q2, q3}, [%[to]]!\n"
      "le lr, 1b\n"
      : [to] "+&r"(to), [row_0] "+&r"(row_0), [row_1] "+&r"(row_1), [row_2] "+&r"(row_2)
      : [step_0] "r"(steps[0]), [step_1] "r"(steps[1]), [step_2] "r"(steps[2]),
        [columns] "r"(columns), [channels] "r"(channels)
      : "q0", "q1", "q2", "q3", "lr", "cc", "memory");
}

#endif
