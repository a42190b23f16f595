#ifndef THIMBLE_TWINS_W4_ARMV6M_C
#define THIMBLE_TWINS_W4_ARMV6M_C
#include "split_twins.c"
#include "thimble_kernel.h"

// As twins_packed, of two bytes' lanes at once, the next ones' codes `pitch` further on, in
// ARMv6-M's instructions: what is summed up is in the registers that only additions reach.
THIMBLE_KERNEL THIMBLE_ONCE void twins_w4(const int32_t *words, const uint8_t *weight, int pitch,
                                          int count, int32_t *sums) {
  const uint8_t *next = weight + pitch;
  sums[0] = 0;
  sums[8] = 0;
  sums[1] = 0;
  sums[9] = 0;
  sums[2] = 0;
  sums[10] = 0;
  sums[3] = 0;
  sums[11] = 0;
  while (count > 0) {
    const int32_t *const end = words + (count < 16 ? count : 16);
    int32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
    int32_t word, code, upper;
    __asm__(
        ".syntax unified\n"
        ".macro thimble_byte codes low high\n"
        "ldrb %[code], [\\codes]\n"
        "lsrs %[upper], %[code], #4\n"
        "ands %[code], %[mask]\n"
        "muls %[upper], %[word]\n"
        "muls %[code], %[word]\n"
        "add \\low, %[code]\n"
        "add \\high, %[upper]\n"
        "adds \\codes, #1\n"
        ".endm\n"
        "1:\n"
        "ldmia %[words]!, {%[word]}\n"
        "thimble_byte %[weight] %[both_0] %[both_1]\n"
        "thimble_byte %[next] %[both_2] %[both_3]\n"
        "cmp %[words], %[end]\n"
        "bne 1b\n"
        ".purgem thimble_byte\n"
        : [words] "+&l"(words), [weight] "+&l"(weight), [next] "+&l"(next), [both_0] "+&h"(both_0),
          [both_1] "+&h"(both_1), [both_2] "+&h"(both_2), [both_3] "+&h"(both_3),
          [word] "=&l"(word), [code] "=&l"(code), [upper] "=&l"(upper)
        : [mask] "l"(15), [end] "h"(end)
        : "cc", "memory");
    split_twins(both_0, sums);
    split_twins(both_1, sums + 1);
    split_twins(both_2, sums + 2);
    split_twins(both_3, sums + 3);
    count -= 16;
  }
}

#endif
