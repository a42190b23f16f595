#ifndef THIMBLE_OUTPUTS_I8_ARMV6M_Q31_C
#define THIMBLE_OUTPUTS_I8_ARMV6M_Q31_C
#include "thimble_kernel.h"

// As outputs_i8, requantizing by 32 x 32 bit multiplications (requant_q31.c), of which each is four
// of 16 x 16 bits: of the lower half of the product only its two highest bits are needed. In
// ARMv6-M's instructions: the last output first, no register spilled.
THIMBLE_KERNEL THIMBLE_ONCE void outputs_i8(int8_t *out, const int32_t *sums, int count,
                                            const int32_t *full_bias,
                                            const thimble_multiplier *multiplier,
                                            const int8_t *shift, int out_zero, int act_min,
                                            int act_max) {
  const int32_t low = act_min - out_zero, high = act_max - out_zero;
  int32_t value, factor, places, part, half, lower;
  --count;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "lsls %[part], %[count], #2\n"
      "ldr %[value], [%[sums], %[part]]\n"
      "ldr %[half], %[full_bias]\n"
      "ldr %[half], [%[half], %[part]]\n"
      "adds %[value], %[value], %[half]\n"
      "ldr %[factor], [%[multiplier], %[part]]\n"
      "ldr %[part], %[shift]\n"
      "ldrsb %[part], [%[part], %[count]]\n"
      "mov %[places], %[part]\n"
      "cmp %[part], #0\n"
      "bgt 7f\n"
      "2:\n"
      "uxth %[half], %[value]\n"
      "asrs %[value], %[value], #16\n"
      "uxth %[lower], %[factor]\n"
      "lsrs %[factor], %[factor], #16\n"
      "mov %[part], %[half]\n"
      "muls %[part], %[lower]\n"
      "lsrs %[part], %[part], #16\n"
      "muls %[lower], %[value]\n"
      "adds %[lower], %[lower], %[part]\n"
      "uxth %[part], %[lower]\n"
      "asrs %[lower], %[lower], #16\n"
      "muls %[half], %[factor]\n"
      "adds %[half], %[half], %[part]\n"
      "muls %[value], %[factor]\n"
      "adds %[value], %[value], %[lower]\n"
      "lsrs %[part], %[half], #16\n"
      "adds %[value], %[value], %[part]\n"
      "lsls %[half], %[half], #16\n" /* bits 31 and 30, halves up */
      "lsrs %[half], %[half], #30\n"
      "adds %[half], #1\n"
      "lsrs %[half], %[half], #1\n"
      "adds %[value], %[value], %[value]\n"
      "adds %[value], %[value], %[half]\n"
      "mov %[part], %[places]\n"
      "mvns %[part], %[part]\n"
      "bmi 3f\n"
      "asrs %[half], %[value], #31\n"
      "adds %[value], %[value], %[half]\n"
      "asrs %[value], %[part]\n"
      "adds %[value], #1\n"
      "asrs %[value], %[value], #1\n"
      "3:\n"
      "cmp %[value], %[low]\n"
      "blt 5f\n"
      "cmp %[value], %[high]\n"
      "bgt 6f\n"
      "4:\n"
      "add %[value], %[out_zero]\n"
      "mov %[part], %[out]\n"
      "strb %[value], [%[part], %[count]]\n"
      "subs %[count], #1\n"
      "bpl 1b\n"
      "b 9f\n"
      "5:\n"
      "mov %[value], %[low]\n"
      "b 4b\n"
      "6:\n"
      "mov %[value], %[high]\n"
      "b 4b\n"
      "7:\n" /* to the left, within 32 bits */
      "mov %[lower], %[value]\n"
      "lsls %[lower], %[part]\n"
      "mov %[half], %[lower]\n"
      "asrs %[half], %[part]\n"
      "cmp %[half], %[value]\n"
      "beq 8f\n"
      "asrs %[lower], %[value], #31\n"
      "movs %[half], #1\n"
      "lsls %[half], %[half], #31\n"
      "mvns %[half], %[half]\n"
      "eors %[lower], %[half]\n"
      "8:\n"
      "mov %[value], %[lower]\n"
      "b 2b\n"
      "9:\n"
      : [count] "+&l"(count), [value] "=&l"(value), [factor] "=&l"(factor), [places] "=&h"(places),
        [part] "=&l"(part), [half] "=&l"(half), [lower] "=&l"(lower)
      : [sums] "l"(sums), [multiplier] "l"(multiplier), [shift] "m"(shift),
        [full_bias] "m"(full_bias), [out] "h"(out), [low] "h"(low), [high] "h"(high),
        [out_zero] "h"(out_zero)
      : "cc", "memory");
}

#endif
