#ifndef THIMBLE_TWIN_WINDOW_I8_ARMV6M_C
#define THIMBLE_TWIN_WINDOW_I8_ARMV6M_C
#include "thimble_kernel.h"

// As twin_window_i8, in ARMv6-M's instructions: signed bytes are loaded by two registers.
THIMBLE_KERNEL THIMBLE_ONCE void twin_window_i8(int32_t *words, const int8_t *first,
                                                const int8_t *second, int count, int pitch,
                                                int runs) {
  first += count;
  second += count;
  do {
    int32_t value;
    int at = -count;
    __asm__ volatile(
        ".syntax unified\n"
        ".macro thimble_twin word\n"
        "ldrsb \\word, [%[first], %[at]]\n"
        "ldrsb %[value], [%[second], %[at]]\n"
        "lsls %[value], %[value], #16\n"
        "adds \\word, \\word, %[value]\n"
        "adds %[at], #1\n"
        ".endm\n"
        "lsrs %[value], %[at], #1\n" /* an odd one first */
        "bcc 1f\n"
        "thimble_twin r4\n"
        "stmia %[words]!, {r4}\n"
        "beq 2f\n"
        "1:\n"
        "thimble_twin r4\n"
        "thimble_twin r5\n"
        "stmia %[words]!, {r4, r5}\n"
        "bne 1b\n"
        "2:\n"
        ".purgem thimble_twin\n"
        : [words] "+&l"(words), [at] "+&l"(at), [value] "=&l"(value)
        : [first] "l"(first), [second] "l"(second)
        : "r4", "r5", "cc", "memory");
    first += pitch;
    second += pitch;
  } while (--runs > 0);
}

#endif
