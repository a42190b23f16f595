#ifndef THIMBLE_DOTS_I8_ARMV6M_C
#define THIMBLE_DOTS_I8_ARMV6M_C
#include "thimble_kernel.h"

// As dots_i8, in ARMv6-M's instructions: the sums are in the registers that only additions reach.
THIMBLE_KERNEL THIMBLE_ONCE void dots_i8(const int8_t *values, int pitch, const int8_t *weight,
                                         int next_run, int next_output, int outputs, int count,
                                         int runs, int32_t *sums) {
  const int8_t *w_0 = weight + count;
  const int8_t *w_1 = w_0 + next_output;
  const int8_t *w_2 = w_1 + next_output;
  const int8_t *w_3 = outputs > 3 ? w_2 + next_output : w_2;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  int32_t value, product;
  values += count;
  do {
    int at = -count;
    __asm__(
        ".syntax unified\n"
        ".macro thimble_product weight sum\n"
        "ldrsb %[product], [\\weight, %[at]]\n"
        "muls %[product], %[value]\n"
        "add \\sum, %[product]\n"
        ".endm\n"
        ".macro thimble_value\n"
        "ldrsb %[value], [%[values], %[at]]\n"
        "thimble_product %[w_0] %[sum_0]\n"
        "thimble_product %[w_1] %[sum_1]\n"
        "thimble_product %[w_2] %[sum_2]\n"
        "thimble_product %[w_3] %[sum_3]\n"
        "adds %[at], #1\n"
        ".endm\n"
        "lsrs %[product], %[at], #1\n" /* an odd one first */
        "bcs 2f\n"
        "1:\n"
        "thimble_value\n"
        "2:\n"
        "thimble_value\n"
        "bne 1b\n"
        ".purgem thimble_value\n"
        ".purgem thimble_product\n"
        : [at] "+&l"(at), [sum_0] "+&h"(sum_0), [sum_1] "+&h"(sum_1), [sum_2] "+&h"(sum_2),
          [sum_3] "+&h"(sum_3), [value] "=&l"(value), [product] "=&l"(product)
        : [values] "l"(values), [w_0] "l"(w_0), [w_1] "l"(w_1), [w_2] "l"(w_2), [w_3] "l"(w_3)
        : "cc", "memory");
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
