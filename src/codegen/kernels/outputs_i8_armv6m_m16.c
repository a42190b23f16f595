#ifndef THIMBLE_OUTPUTS_I8_ARMV6M_M16_C
#define THIMBLE_OUTPUTS_I8_ARMV6M_M16_C
#include "thimble_kernel.h"

// As outputs_i8, requantizing by 16 x 16 bit multiplications (requant_m16.c), in ARMv6-M's
// instructions: the last output first, no register spilled.
THIMBLE_KERNEL THIMBLE_ONCE void outputs_i8(int8_t *out, const int32_t *sums, int count,
                                            const int32_t *full_bias,
                                            const thimble_multiplier *multiplier,
                                            const int8_t *shift, int out_zero, int act_min,
                                            int act_max) {
  const int32_t low = act_min - out_zero, high = act_max - out_zero;
  int32_t value, factor, places, part;
  --count;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      "lsls %[part], %[count], #2\n"
      "ldr %[value], [%[sums], %[part]]\n"
      "ldr %[factor], %[full_bias]\n"
      "ldr %[factor], [%[factor], %[part]]\n"
      "adds %[value], %[value], %[factor]\n"
      "lsls %[part], %[count], #1\n"
      "ldrsh %[factor], [%[multiplier], %[part]]\n"
      "ldrsb %[places], [%[shift], %[count]]\n"
      "subs %[places], #17\n"
      "bmi 6f\n"
      "asrs %[part], %[value], #16\n"
      "muls %[part], %[factor]\n"
      "uxth %[value], %[value]\n"
      "muls %[value], %[factor]\n"
      "lsrs %[value], %[value], #16\n"
      "adds %[value], %[value], %[part]\n"
      "2:\n"
      "asrs %[value], %[places]\n"
      "adds %[value], #1\n"
      "asrs %[value], %[value], #1\n"
      "cmp %[value], %[low]\n"
      "blt 4f\n"
      "cmp %[value], %[high]\n"
      "bgt 5f\n"
      "3:\n"
      "add %[value], %[out_zero]\n"
      "mov %[part], %[out]\n"
      "strb %[value], [%[part], %[count]]\n"
      "subs %[count], #1\n"
      "bpl 1b\n"
      "b 8f\n"
      "4:\n"
      "mov %[value], %[low]\n"
      "b 3b\n"
      "5:\n"
      "mov %[value], %[high]\n"
      "b 3b\n"
      "6:\n" /* a sum beyond 16 bits is beyond int8 */
      "adds %[places], #16\n"
      "sxth %[part], %[value]\n"
      "cmp %[part], %[value]\n"
      "beq 7f\n"
      "asrs %[value], %[value], #31\n"
      "movs %[part], #1\n"
      "lsls %[part], %[part], #15\n"
      "subs %[part], #1\n"
      "eors %[value], %[part]\n"
      "7:\n"
      "muls %[value], %[factor]\n"
      "b 2b\n"
      "8:\n"
      : [count] "+&l"(count), [value] "=&l"(value), [factor] "=&l"(factor), [places] "=&l"(places),
        [part] "=&l"(part)
      : [sums] "l"(sums), [multiplier] "l"(multiplier), [shift] "l"(shift),
        [full_bias] "m"(full_bias), [out] "h"(out), [low] "h"(low), [high] "h"(high),
        [out_zero] "h"(out_zero)
      : "cc", "memory");
}

#endif
