#ifndef THIMBLE_ADD_ROWS_I8_MVE_C
#define THIMBLE_ADD_ROWS_I8_MVE_C
#include "thimble_kernel.h"

// As add_rows_i8.c: sixteen values are loaded once for four outputs. Those left are not called for:
// the stack is the deepest here.
THIMBLE_KERNEL THIMBLE_NOINLINE void add_rows_i8(const int8_t *values, int pitch,
                                                 const int8_t *weight, int next_run,
                                                 int next_output, int outputs, int count, int runs,
                                                 int32_t *sums) {
  const int8_t *at, *w_1, *w_2, *w_3, *kept;
  const int stepped = (count + 15) & ~15;
  int fours = outputs >> 2, left;
  __asm__("vmov %0, %1" : "=t"(kept) : "r"(values)); /* GCC goes by the stack. */
  if (fours > 0) {
    __asm__ volatile(
        "1:\n"
        "vmov %[at], %[values]\n"
        "vmov lr, %[next_output]\n"
        "add %[w_1], %[w_0], lr\n"
        "add %[w_2], %[w_1], lr\n"
        "add %[w_3], %[w_2], lr\n"
        "ldmia %[sums], {r4, r6, r8, r10}\n"
        "vmov lr, %[runs]\n"
        "2:\n"
        "vmov %[left], lr\n"
        "dlstp.8 lr, %[count]\n"
        "3:\n"
        "vldrb.8 q0, [%[at]], #16\n"
        "vldrb.8 q1, [%[w_0]], #16\n"
        "vmladava.s8 r4, q0, q1\n"
        "vldrb.8 q1, [%[w_1]], #16\n"
        "vmladava.s8 r6, q0, q1\n"
        "vldrb.8 q1, [%[w_2]], #16\n"
        "vmladava.s8 r8, q0, q1\n"
        "vldrb.8 q1, [%[w_3]], #16\n"
        "vmladava.s8 r10, q0, q1\n"
        "letp lr, 3b\n"
        "vmov lr, %[pitch]\n"
        "add %[at], %[at], lr\n"
        "vmov lr, %[next_run]\n"
        "add %[w_0], %[w_0], lr\n"
        "add %[w_1], %[w_1], lr\n"
        "add %[w_2], %[w_2], lr\n"
        "add %[w_3], %[w_3], lr\n"
        "vmov lr, %[left]\n"
        "subs lr, lr, #1\n"
        "bne 2b\n"
        "stmia %[sums]!, {r4, r6, r8, r10}\n"
        "vmov lr, %[next]\n"
        "add %[w_0], %[w_0], lr\n"
        "subs %[fours], %[fours], #1\n"
        "bne 1b\n"
        : [at] "=&r"(at), [w_0] "+&r"(weight), [w_1] "=&r"(w_1), [w_2] "=&r"(w_2), [w_3] "=&r"(w_3),
          [fours] "+&r"(fours), [sums] "+&r"(sums), [left] "=&t"(left)
        : [values] "t"(kept), [pitch] "t"(pitch - stepped), [next_run] "t"(next_run - stepped),
          [next_output] "t"(next_output), [next] "t"(4 * next_output - runs * next_run),
          [runs] "t"(runs), [count] "r"(count)
        : "r4", "r6", "r8", "r10", "q0", "q1", "lr", "cc", "memory");
  }
  for (int single = outputs & 3; single > 0; --single) {
    int32_t sum = *sums;
    w_1 = weight;
    __asm__("vmov %0, %1" : "=r"(at) : "t"(kept));
    for (int run = 0; run < runs; ++run) {
      __asm__(
          "wlstp.8 lr, %[count], 2f\n"
          "1:\n"
          "vldrb.8 q0, [%[at]], #16\n"
          "vldrb.8 q1, [%[weight]], #16\n"
          "vmladava.s8 %[sum], q0, q1\n"
          "letp lr, 1b\n"
          "2:\n"
          : [sum] "+&Te"(sum), [at] "+&r"(at), [weight] "+&r"(w_1)
          : [count] "r"(count)
          : "q0", "q1", "lr", "cc", "memory");
      at += pitch - stepped;
      w_1 += next_run - stepped;
    }
    *sums = sum;
    ++sums;
    weight += next_output;
  }
}

#endif
