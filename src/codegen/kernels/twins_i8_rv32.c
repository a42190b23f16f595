#ifndef THIMBLE_TWINS_I8_RV32_C
#define THIMBLE_TWINS_I8_RV32_C
#include "thimble_kernel.h"

// As twins_i8, four outputs at a time or two, in the instructions of RV32IM, since GCC would spill.
THIMBLE_KERNEL THIMBLE_ONCE void twins_i8(const int32_t *words, const int8_t *weight, int count,
                                          int outputs, int32_t *sums) {
  const int32_t *const end = words + count;
  do {
    const int32_t *word = words;
    const int8_t *w_0 = weight, *w_1 = outputs > 1 ? w_0 + count : w_0;
    const int8_t *w_2 = w_1 + count, *w_3 = outputs > 3 ? w_2 + count : w_2;
    const int is_four = outputs > 2;
    uint32_t both_0 = 0, both_1 = 0, both_2 = 0, both_3 = 0;
    int32_t high_0 = 0, high_1 = 0, high_2 = 0, high_3 = 0;
    __asm__(
        /* a half: a4, words: a5 a6, products: a7 t0 */
        ".macro thimble_add both high\n"
        "add \\both, \\both, a7\n"
        "add a7, a7, a4\n"
        "srai a7, a7, 16\n"
        "add \\high, \\high, a7\n"
        ".endm\n"
        ".macro thimble_one weight both high\n"
        "lb a7, 0(\\weight)\n"
        "mul a7, a7, a5\n"
        "thimble_add \\both \\high\n"
        "addi \\weight, \\weight, 1\n"
        ".endm\n"
        ".macro thimble_two at weight both high\n"
        "lb a7, \\at(\\weight)\n"
        "lb t0, \\at + 1(\\weight)\n"
        "mul a7, a7, a5\n"
        "mul t0, t0, a6\n"
        "add a7, a7, t0\n"
        "thimble_add \\both \\high\n"
        ".endm\n"
        ".macro thimble_twos at four\n"
        "lw a5, 4 * \\at(%[word])\n"
        "lw a6, 4 * \\at + 4(%[word])\n"
        "thimble_two \\at %[w_0] %[both_0] %[high_0]\n"
        "thimble_two \\at %[w_1] %[both_1] %[high_1]\n"
        ".if \\four\n"
        "thimble_two \\at %[w_2] %[both_2] %[high_2]\n"
        "thimble_two \\at %[w_3] %[both_3] %[high_3]\n"
        ".endif\n"
        ".endm\n"
        ".macro thimble_next count four\n"
        "addi %[word], %[word], 4 * \\count\n"
        "addi %[w_0], %[w_0], \\count\n"
        "addi %[w_1], %[w_1], \\count\n"
        ".if \\four\n"
        "addi %[w_2], %[w_2], \\count\n"
        "addi %[w_3], %[w_3], \\count\n"
        ".endif\n"
        ".endm\n"
        ".macro thimble_block four\n"
        "andi a7, %[count], 1\n" /* an odd one first */
        "beqz a7, 1f\n"
        "lw a5, 0(%[word])\n"
        "addi %[word], %[word], 4\n"
        "thimble_one %[w_0] %[both_0] %[high_0]\n"
        "thimble_one %[w_1] %[both_1] %[high_1]\n"
        ".if \\four\n"
        "thimble_one %[w_2] %[both_2] %[high_2]\n"
        "thimble_one %[w_3] %[both_3] %[high_3]\n"
        ".endif\n"
        "1:\n"
        "andi a7, %[count], 2\n" /* two more: from the middle of four */
        "beqz a7, 2f\n"
        "thimble_next -2 \\four\n"
        "j 3f\n"
        "2:\n"
        "beq %[word], %[end], 7f\n"
        "6:\n"
        "thimble_twos 0 \\four\n"
        "3:\n"
        "thimble_twos 2 \\four\n"
        "thimble_next 4 \\four\n"
        "bne %[word], %[end], 6b\n"
        "7:\n"
        ".endm\n"
        "lui a4, 8\n"
        "beqz %[is_four], 4f\n"
        "thimble_block 1\n"
        "j 5f\n"
        "4:\n"
        "thimble_block 0\n"
        "5:\n"
        ".purgem thimble_block\n"
        ".purgem thimble_next\n"
        ".purgem thimble_twos\n"
        ".purgem thimble_two\n"
        ".purgem thimble_one\n"
        ".purgem thimble_add\n"
        : [word] "+&r"(word), [w_0] "+&r"(w_0), [w_1] "+&r"(w_1), [w_2] "+&r"(w_2),
          [w_3] "+&r"(w_3), [both_0] "+&r"(both_0), [both_1] "+&r"(both_1), [both_2] "+&r"(both_2),
          [both_3] "+&r"(both_3), [high_0] "+&r"(high_0), [high_1] "+&r"(high_1),
          [high_2] "+&r"(high_2), [high_3] "+&r"(high_3)
        : [end] "r"(end), [count] "r"(count), [is_four] "r"(is_four)
        : "a4", "a5", "a6", "a7", "t0", "memory");
    sums[0] = (int32_t)(both_0 - ((uint32_t)high_0 << 16));
    sums[1] = (int32_t)(both_1 - ((uint32_t)high_1 << 16));
    sums[8] = high_0;
    sums[9] = high_1;
    if (is_four) {
      sums[2] = (int32_t)(both_2 - ((uint32_t)high_2 << 16));
      sums[3] = (int32_t)(both_3 - ((uint32_t)high_3 << 16));
      sums[10] = high_2;
      sums[11] = high_3;
    }
    sums += 4;
    weight += 4 * count;
    outputs -= 4;
  } while (outputs > 0);
}

#endif
