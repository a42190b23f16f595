#ifndef THIMBLE_PLANE_RUN_I8_ARMV7EM_C
#define THIMBLE_PLANE_RUN_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As plane_run_i8.c, four at a time.
THIMBLE_KERNEL THIMBLE_NOINLINE void plane_run_i8(int8_t *out, const int8_t *a, const int8_t *b,
                                                  int count, int32_t a_factor, int32_t b_factor,
                                                  int32_t offset) {
  int32_t first, second;
  int fours = count >> 2, singles = count & 3;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_sum\n"
      "ldrsb %[first], [%[a]], #1\n"
      "ldrsb %[second], [%[b]], #1\n"
      "mla %[first], %[first], %[a_factor], %[offset]\n"
      "mla %[first], %[second], %[b_factor], %[first]\n"
      "ssat %[first], #8, %[first], asr #21\n"
      "strb %[first], [%[out]], #1\n"
      ".endm\n"
      "cbz %[fours], 2f\n"
      "1:\n"
      "thimble_sum\n"
      "thimble_sum\n"
      "thimble_sum\n"
      "thimble_sum\n"
      "subs %[fours], %[fours], #1\n"
      "bne 1b\n"
      "2:\n"
      "cbz %[singles], 4f\n"
      "3:\n"
      "thimble_sum\n"
      "subs %[singles], %[singles], #1\n"
      "bne 3b\n"
      "4:\n"
      ".purgem thimble_sum\n"
      : [out] "+&r"(out), [a] "+&r"(a), [b] "+&r"(b), [fours] "+&l"(fours),
        [singles] "+&l"(singles), [first] "=&r"(first), [second] "=&r"(second)
      : [a_factor] "r"(a_factor), [b_factor] "r"(b_factor), [offset] "r"(offset)
      : "cc", "memory");
}

#endif
