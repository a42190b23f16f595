#ifndef THIMBLE_DOTS_I8_RV32_C
#define THIMBLE_DOTS_I8_RV32_C
#include "thimble_kernel.h"

// As dots_i8, in the instructions of RV32IM, four values a round, since GCC would spill.
THIMBLE_KERNEL THIMBLE_ONCE void dots_i8(const int8_t *values, int pitch, const int8_t *weight,
                                         int next_run, int next_output, int outputs, int count,
                                         int runs, int32_t *sums) {
  const int8_t *w_0 = weight;
  const int8_t *w_1 = w_0 + next_output;
  const int8_t *w_2 = w_1 + next_output;
  const int8_t *w_3 = outputs > 3 ? w_2 + next_output : w_2;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  pitch -= count;
  next_run -= count;
  do {
    const int8_t *const end = values + count, *const whole = end - (count & 3);
    __asm__(
        /* a value: a4, a product: a5 */
        ".macro thimble_product at weight sum\n"
        "lb a5, \\at(\\weight)\n"
        "mul a5, a5, a4\n"
        "add \\sum, \\sum, a5\n"
        ".endm\n"
        ".macro thimble_value at\n"
        "lb a4, \\at(%[values])\n"
        "thimble_product \\at %[w_0] %[sum_0]\n"
        "thimble_product \\at %[w_1] %[sum_1]\n"
        "thimble_product \\at %[w_2] %[sum_2]\n"
        "thimble_product \\at %[w_3] %[sum_3]\n"
        ".endm\n"
        ".macro thimble_next count\n"
        "addi %[values], %[values], \\count\n"
        "addi %[w_0], %[w_0], \\count\n"
        "addi %[w_1], %[w_1], \\count\n"
        "addi %[w_2], %[w_2], \\count\n"
        "addi %[w_3], %[w_3], \\count\n"
        ".endm\n"
        "beq %[values], %[whole], 2f\n"
        "1:\n"
        "thimble_value 0\n"
        "thimble_value 1\n"
        "thimble_value 2\n"
        "thimble_value 3\n"
        "thimble_next 4\n"
        "bne %[values], %[whole], 1b\n"
        "2:\n"
        "beq %[values], %[end], 4f\n"
        "3:\n"
        "thimble_value 0\n"
        "thimble_next 1\n"
        "bne %[values], %[end], 3b\n"
        "4:\n"
        ".purgem thimble_next\n"
        ".purgem thimble_value\n"
        ".purgem thimble_product\n"
        : [values] "+&r"(values), [w_0] "+&r"(w_0), [w_1] "+&r"(w_1), [w_2] "+&r"(w_2),
          [w_3] "+&r"(w_3), [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1), [sum_2] "+&r"(sum_2),
          [sum_3] "+&r"(sum_3)
        : [end] "r"(end), [whole] "r"(whole)
        : "a4", "a5", "memory");
    values += pitch;
    w_0 += next_run;
    w_1 += next_run;
    w_2 += next_run;
    w_3 += next_run;
  } while (--runs > 0);
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
