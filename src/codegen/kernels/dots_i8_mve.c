#ifndef THIMBLE_DOTS_I8_MVE_C
#define THIMBLE_DOTS_I8_MVE_C
#include "thimble_kernel.h"

// As dots_i8.c, sixteen values at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void dots_i8(const int8_t *values, int pitch, const int8_t *weight,
                                             int next_run, int next_output, int outputs, int count,
                                             int runs, int32_t *sums) {
  const int8_t *w_1 = weight + next_output;
  const int8_t *w_2 = w_1 + next_output;
  const int8_t *w_3 = outputs > 3 ? w_2 + next_output : w_2;
  /* Sums are in even registers. */
  register int32_t sum_0 __asm__("r4") = sums[0];
  register int32_t sum_1 __asm__("r6") = sums[1];
  register int32_t sum_2 __asm__("r8") = sums[2];
  register int32_t sum_3 __asm__("r10") = sums[3];
  const int stepped = (count + 15) & ~15;
  pitch -= stepped;
  next_run -= stepped;
  __asm__ volatile(
      "1:\n"
      "dlstp.8 lr, %[count]\n"
      "2:\n"
      "vldrb.8 q0, [%[values]], #16\n"
      "vldrb.8 q1, [%[w_0]], #16\n"
      "vmladava.s8 %[sum_0], q0, q1\n"
      "vldrb.8 q1, [%[w_1]], #16\n"
      "vmladava.s8 %[sum_1], q0, q1\n"
      "vldrb.8 q1, [%[w_2]], #16\n"
      "vmladava.s8 %[sum_2], q0, q1\n"
      "vldrb.8 q1, [%[w_3]], #16\n"
      "vmladava.s8 %[sum_3], q0, q1\n"
      "letp lr, 2b\n"
      "vmov lr, %[pitch]\n"
      "add %[values], %[values], lr\n"
      "vmov lr, %[next_run]\n"
      "add %[w_0], %[w_0], lr\n"
      "add %[w_1], %[w_1], lr\n"
      "add %[w_2], %[w_2], lr\n"
      "add %[w_3], %[w_3], lr\n"
      "subs %[runs], %[runs], #1\n"
      "bne 1b\n"
      : [values] "+&r"(values), [w_0] "+&r"(weight), [w_1] "+&r"(w_1), [w_2] "+&r"(w_2),
        [w_3] "+&r"(w_3), [runs] "+&r"(runs), [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1),
        [sum_2] "+&r"(sum_2), [sum_3] "+&r"(sum_3)
      : [count] "r"(count), [pitch] "t"(pitch), [next_run] "t"(next_run)
      : "q0", "q1", "lr", "cc", "memory");
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
