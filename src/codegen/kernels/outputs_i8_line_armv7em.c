#ifndef THIMBLE_OUTPUTS_I8_LINE_ARMV7EM_C
#define THIMBLE_OUTPUTS_I8_LINE_ARMV7EM_C
#include "thimble_kernel.h"

// As outputs_i8_line.c, four at a time: of the 32 x 32 bit products the high halves, and with the
// usual shift the rest in one instruction. Others come one by one.
THIMBLE_KERNEL THIMBLE_NOINLINE void outputs_i8_line(int8_t *out, const int32_t *sums, int count,
                                                     const int32_t *full_bias,
                                                     const int32_t *multiplier, int shift,
                                                     int32_t out_zero) {
  if (shift != 10) {
    for (; count > 0; --count) {
      const int32_t sum = *sums * 256 + *full_bias;
      int32_t q;
      __asm__("smmla %0, %1, %2, %3" : "=r"(q) : "r"(sum), "r"(*multiplier), "r"(out_zero));
      q >>= shift;
      *out = (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
      ++out;
      ++sums;
      ++full_bias;
      ++multiplier;
    }
    return;
  }
  __asm__ volatile(
      "subs %[count], %[count], #4\n"
      "blt 2f\n"
      "1:\n"
      "ldmia %[sums]!, {r4, r5, r6, r8}\n"
      "ldmia %[bias]!, {r9, r10}\n"
      "add r4, r9, r4, lsl #8\n"
      "add r5, r10, r5, lsl #8\n"
      "ldmia %[factor]!, {r9, r10}\n"
      "smmla r4, r4, r9, %[zero]\n"
      "smmla r5, r5, r10, %[zero]\n"
      "ldmia %[bias]!, {r9, r10}\n"
      "add r6, r9, r6, lsl #8\n"
      "add r8, r10, r8, lsl #8\n"
      "ldmia %[factor]!, {r9, r10}\n"
      "smmla r6, r6, r9, %[zero]\n"
      "smmla r8, r8, r10, %[zero]\n"
      "ssat r4, #8, r4, asr #10\n"
      "ssat r5, #8, r5, asr #10\n"
      "ssat r6, #8, r6, asr #10\n"
      "ssat r8, #8, r8, asr #10\n"
      "strb r4, [%[out]], #4\n"
      "strb r5, [%[out], #-3]\n"
      "strb r6, [%[out], #-2]\n"
      "strb r8, [%[out], #-1]\n"
      "subs %[count], %[count], #4\n"
      "bge 1b\n"
      "2:\n"
      "adds %[count], %[count], #4\n"
      "beq 4f\n"
      "3:\n"
      "ldr r4, [%[sums]], #4\n"
      "ldr r9, [%[bias]], #4\n"
      "ldr r10, [%[factor]], #4\n"
      "add r4, r9, r4, lsl #8\n"
      "smmla r4, r4, r10, %[zero]\n"
      "ssat r4, #8, r4, asr #10\n"
      "strb r4, [%[out]], #1\n"
      "subs %[count], %[count], #1\n"
      "bne 3b\n"
      "4:\n"
      : [out] "+&r"(out), [sums] "+&r"(sums), [count] "+&r"(count), [bias] "+&r"(full_bias),
        [factor] "+&r"(multiplier)
      : [zero] "r"(out_zero)
      : "r4", "r5", "r6", "r8", "r9", "r10", "cc", "memory");
}

#endif
