#ifndef THIMBLE_GATHER_ROWS_I8_ARMV7EM_C
#define THIMBLE_GATHER_ROWS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As gather_rows_i8, in the instructions of ARMv7E-M; of an odd number the first alone.
THIMBLE_KERNEL THIMBLE_NOINLINE void gather_rows_i8(int8_t *to, int to_step, const int8_t *from,
                                                    int from_step, int pixels, int count) {
  for (int i = 0; i < count; ++i) {
    const int8_t *value = from + i;
    int8_t *place = to + i;
    int left = pixels;
    int32_t first, second;
    if (left % 2 > 0) {
      *place = *value;
      place += to_step;
      value += from_step;
      --left;
    }
    if (left <= 0) continue;
    __asm__ volatile(
        ".syntax unified\n"
        "1:\n"
        "ldrb %[first], [%[value]]\n"
        "ldrb %[second], [%[value], %[from_step]]\n"
        "add %[value], %[value], %[from_step], lsl #1\n"
        "strb %[first], [%[place]]\n"
        "strb %[second], [%[place], %[to_step]]\n"
        "add %[place], %[place], %[to_step], lsl #1\n"
        "subs %[left], %[left], #2\n"
        "bne 1b\n"
        : [value] "+&r"(value), [place] "+&r"(place), [left] "+&r"(left), [first] "=&r"(first),
          [second] "=&r"(second)
        : [from_step] "r"(from_step), [to_step] "r"(to_step)
        : "cc", "memory");
  }
}

#endif
