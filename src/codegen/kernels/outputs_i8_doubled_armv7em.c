#ifndef THIMBLE_OUTPUTS_I8_DOUBLED_ARMV7EM_C
#define THIMBLE_OUTPUTS_I8_DOUBLED_ARMV7EM_C
#include "thimble_kernel.h"

// As outputs_i8_doubled.c, two at a time: of the 32 x 32 bit products the high halves, rounded.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_doubled(int8_t *out, const int32_t *sums, int count,
                                                        const int32_t *full_bias,
                                                        const thimble_multiplier *multiplier,
                                                        const int8_t *shift, int out_zero,
                                                        int act_min, int act_max) {
  const int8_t *const all = out;
  const int32_t zero = 2 * out_zero + 1;
  int left = count;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_rescale value, factor\n"
      "smmulr \\value, \\value, \\factor\n"
      "ldrb \\factor, [%[shift]], #1\n"
      "add \\value, \\value, \\value, asr #31\n"
      "asr \\value, \\value, \\factor\n"
      "add \\value, \\value, %[zero]\n"
      "ssat \\value, #8, \\value, asr #1\n"
      "strb \\value, [%[out]], #1\n"
      ".endm\n"
      "subs %[left], %[left], #2\n"
      "blt 2f\n"
      "1:\n"
      "ldmia %[sums]!, {r4, r5}\n"
      "ldmia %[bias]!, {r6, r8}\n"
      "add r4, r6, r4, lsl #1\n"
      "add r5, r8, r5, lsl #1\n"
      "ldmia %[factor]!, {r6, r8}\n"
      "thimble_rescale r4, r6\n"
      "thimble_rescale r5, r8\n"
      "subs %[left], %[left], #2\n"
      "bge 1b\n"
      "2:\n"
      "adds %[left], %[left], #2\n"
      "beq 3f\n"
      "ldr r4, [%[sums]]\n"
      "ldr r6, [%[bias]]\n"
      "add r4, r6, r4, lsl #1\n"
      "ldr r6, [%[factor]]\n"
      "thimble_rescale r4, r6\n"
      "3:\n"
      ".purgem thimble_rescale\n"
      : [out] "+&r"(out), [sums] "+&r"(sums), [left] "+&r"(left), [bias] "+&r"(full_bias),
        [factor] "+&r"(multiplier), [shift] "+&r"(shift)
      : [zero] "r"(zero)
      : "r4", "r5", "r6", "r8", "cc", "memory");
  if (act_min == -128 && act_max == 127) return;
  while (out != all) {
    --out;
    if (*out < act_min) *out = (int8_t)act_min;
    if (*out > act_max) *out = (int8_t)act_max;
  }
}

#endif
