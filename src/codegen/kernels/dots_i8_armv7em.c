#ifndef THIMBLE_DOTS_I8_ARMV7EM_C
#define THIMBLE_DOTS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As dots_i8, in the instructions of ARMv7E-M: four bytes are a load, and become the halfwords of
// bytes 0 and 2 and those of 1 and 3, two of which a multiplication takes.
THIMBLE_KERNEL THIMBLE_NOINLINE void dots_i8(const int8_t *values, int pitch, const int8_t *weight,
                                             int next_run, int next_output, int outputs, int count,
                                             int runs, int32_t *sums) {
  const int8_t *fourth = weight + (outputs - 1) * next_output;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  int32_t even, odd, four, two;
  pitch -= count;
  next_run -= count;
  do {
    int rounds = count >> 2;
    if (rounds > 0) {
      __asm__(
          ".syntax unified\n"
          ".macro thimble_four sum\n"
          "sxtb16 %[two], %[four]\n"
          "smlad \\sum, %[two], %[even], \\sum\n"
          "sxtb16 %[four], %[four], ror #8\n"
          "smlad \\sum, %[four], %[odd], \\sum\n"
          ".endm\n"
          "1:\n"
          "ldr %[odd], [%[values]], #4\n"
          "ldr %[four], [%[weight], %[next]]\n"
          "sxtb16 %[even], %[odd]\n"
          "sxtb16 %[odd], %[odd], ror #8\n"
          "thimble_four %[sum_1]\n"
          "ldr %[four], [%[weight], %[next], lsl #1]\n"
          "thimble_four %[sum_2]\n"
          "ldr %[four], [%[weight]], #4\n"
          "thimble_four %[sum_0]\n"
          "ldr %[four], [%[fourth]], #4\n"
          "thimble_four %[sum_3]\n"
          "subs %[rounds], %[rounds], #1\n"
          "bne 1b\n"
          ".purgem thimble_four\n"
          : [values] "+&r"(values), [weight] "+&r"(weight), [fourth] "+&r"(fourth),
            [rounds] "+&r"(rounds), [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1),
            [sum_2] "+&r"(sum_2), [sum_3] "+&r"(sum_3), [even] "=&r"(even), [odd] "=&r"(odd),
            [four] "=&r"(four), [two] "=&r"(two)
          : [next] "r"(next_output)
          : "cc", "memory");
    }
    for (int single = count & 3; single > 0; --single) {
      const int value = *values;
      ++values;
      sum_0 += value * weight[0];
      sum_1 += value * weight[next_output];
      sum_2 += value * weight[2 * next_output];
      sum_3 += value * *fourth;
      ++weight;
      ++fourth;
    }
    values += pitch;
    weight += next_run;
    fourth += next_run;
  } while (--runs > 0);
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
