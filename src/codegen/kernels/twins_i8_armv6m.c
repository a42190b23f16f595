#ifndef THIMBLE_TWINS_I8_ARMV6M_C
#define THIMBLE_TWINS_I8_ARMV6M_C
#include "thimble_kernel.h"

// As twins_i8, in ARMv6-M's instructions: what is summed up is in the registers that only additions
// reach, and of each value its last product takes the place.
THIMBLE_KERNEL THIMBLE_ONCE void twins_i8(const int32_t *words, const int8_t *weight, int count,
                                          int outputs, int32_t *sums) {
  do {
    const int8_t *const w_0 = weight + count, *const w_1 = outputs > 1 ? w_0 + count : w_0;
    const int32_t *word = words;
    const int32_t half = 0x8000;
    uint32_t both_0 = 0, both_1 = 0;
    int32_t high_0 = 0, high_1 = 0;
    int32_t product, factor;
    int at = -count;
    __asm__(
        ".syntax unified\n"
        ".macro thimble_add sum both high\n"
        "add \\both, \\sum\n"
        "add \\sum, %[half]\n"
        "asrs \\sum, \\sum, #16\n"
        "add \\high, \\sum\n"
        ".endm\n"
        "lsrs %[product], %[at], #1\n" /* an odd one first */
        "bcc 1f\n"
        "ldmia %[word]!, {r4}\n"
        "ldrsb %[product], [%[w_0], %[at]]\n"
        "muls %[product], r4\n"
        "ldrsb %[factor], [%[w_1], %[at]]\n"
        "muls r4, %[factor]\n"
        "thimble_add %[product] %[both_0] %[high_0]\n"
        "thimble_add r4 %[both_1] %[high_1]\n"
        "adds %[at], #1\n"
        "beq 2f\n"
        "1:\n"
        "ldmia %[word]!, {r4, r5}\n"
        "ldrsb %[product], [%[w_0], %[at]]\n"
        "muls %[product], r4\n"
        "ldrsb %[factor], [%[w_1], %[at]]\n"
        "muls r4, %[factor]\n"
        "adds %[at], #1\n"
        "ldrsb %[factor], [%[w_0], %[at]]\n"
        "muls %[factor], r5\n"
        "adds %[product], %[factor]\n"
        "ldrsb %[factor], [%[w_1], %[at]]\n"
        "muls r5, %[factor]\n"
        "adds r4, r5\n"
        "thimble_add %[product] %[both_0] %[high_0]\n"
        "thimble_add r4 %[both_1] %[high_1]\n"
        "adds %[at], #1\n"
        "bne 1b\n"
        "2:\n"
        ".purgem thimble_add\n"
        : [at] "+&l"(at), [word] "+&l"(word), [both_0] "+&h"(both_0), [both_1] "+&h"(both_1),
          [high_0] "+&h"(high_0), [high_1] "+&h"(high_1), [product] "=&l"(product),
          [factor] "=&l"(factor)
        : [w_0] "l"(w_0), [w_1] "l"(w_1), [half] "h"(half)
        : "r4", "r5", "cc", "memory");
    sums[0] = (int32_t)(both_0 - ((uint32_t)high_0 << 16));
    sums[1] = (int32_t)(both_1 - ((uint32_t)high_1 << 16));
    sums[8] = high_0;
    sums[9] = high_1;
    sums += 2;
    weight += 2 * count;
    outputs -= 2;
  } while (outputs > 0);
}

#endif
