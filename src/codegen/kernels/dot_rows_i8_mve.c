#ifndef THIMBLE_DOT_ROWS_I8_MVE_C
#define THIMBLE_DOT_ROWS_I8_MVE_C
#include "thimble_kernel.h"

// As dot_rows_i8.c: sixteen values are loaded once for four outputs. Those left are not called for:
// the stack is the deepest here.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_rows_i8(const int8_t *values, const int8_t *weight,
                                                 int count, int outputs, int32_t *sums) {
  const int8_t *at, *w_1, *w_2, *w_3, *kept;
  int fours = outputs >> 2;
  /* From behind the first row's last sixteen to the fifth row. */
  const int next = 4 * count - ((count + 15) & ~15);
  __asm__("vmov %0, %1" : "=t"(kept) : "r"(values)); /* GCC goes by the stack. */
  if (fours > 0) {
    __asm__ volatile(
        "1:\n"
        "vmov %[at], %[values]\n"
        "add %[w_1], %[w_0], %[count]\n"
        "add %[w_2], %[w_1], %[count]\n"
        "add %[w_3], %[w_2], %[count]\n"
        "mov r4, #0\n"
        "mov r6, #0\n"
        "mov r8, #0\n"
        "mov r10, #0\n"
        "dlstp.8 lr, %[count]\n"
        "2:\n"
        "vldrb.8 q0, [%[at]], #16\n"
        "vldrb.8 q1, [%[w_0]], #16\n"
        "vmladava.s8 r4, q0, q1\n"
        "vldrb.8 q1, [%[w_1]], #16\n"
        "vmladava.s8 r6, q0, q1\n"
        "vldrb.8 q1, [%[w_2]], #16\n"
        "vmladava.s8 r8, q0, q1\n"
        "vldrb.8 q1, [%[w_3]], #16\n"
        "vmladava.s8 r10, q0, q1\n"
        "letp lr, 2b\n"
        "stmia %[sums]!, {r4, r6, r8, r10}\n"
        "vmov r4, %[next]\n"
        "add %[w_0], %[w_0], r4\n"
        "subs %[fours], %[fours], #1\n"
        "bne 1b\n"
        : [at] "=&r"(at), [w_0] "+&r"(weight), [w_1] "=&r"(w_1), [w_2] "=&r"(w_2), [w_3] "=&r"(w_3),
          [fours] "+&r"(fours), [sums] "+&r"(sums)
        : [values] "t"(kept), [count] "r"(count), [next] "t"(next)
        : "r4", "r6", "r8", "r10", "q0", "q1", "lr", "cc", "memory");
  }
  for (int left = outputs & 3; left > 0; --left) {
    int32_t sum = 0;
    w_1 = weight;
    __asm__(
        "vmov %[at], %[values]\n"
        "wlstp.8 lr, %[count], 2f\n"
        "1:\n"
        "vldrb.8 q0, [%[at]], #16\n"
        "vldrb.8 q1, [%[weight]], #16\n"
        "vmladava.s8 %[sum], q0, q1\n"
        "letp lr, 1b\n"
        "2:\n"
        : [sum] "+&Te"(sum), [at] "=&r"(at), [weight] "+&r"(w_1)
        : [count] "r"(count), [values] "t"(kept)
        : "q0", "q1", "lr", "cc", "memory");
    *sums = sum;
    ++sums;
    weight += count;
  }
}

#endif
