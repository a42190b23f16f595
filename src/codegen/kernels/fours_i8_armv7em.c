#ifndef THIMBLE_FOURS_I8_ARMV7EM_C
#define THIMBLE_FOURS_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As fours_i8, in the instructions of ARMv7E-M. `outside` is N, Z, C and V as they lie in the
// status register: nothing between setting it and its tests changes flags. All registers are taken:
// r0 the row, r1 pixel, r2 the channel, r3 weights, r4 the input's zero point taken off, r5 a mask
// that makes halfwords of 256 times a byte, r10 to r12 and lr the sums.
THIMBLE_KERNEL THIMBLE_NOINLINE void fours_i8(int8_t *out, const int8_t *row_0, const int8_t *row_1,
                                              const int8_t *row_2, int pixel, uint32_t outside,
                                              int channels, const int32_t *weight, int in_zero,
                                              int32_t zero) {
  const uint32_t zeros = (uint16_t)-in_zero * (uint32_t)0x10001;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_tap weight value:vararg\n"
      "ldr r6, [r0\\value]\n"
      "ldr r7, [r3, #\\weight]\n"
      "sxtab16 r8, r4, r6\n"
      "sxtab16 r6, r4, r6, ror #8\n"
      "and r9, r5, r7, lsl #8\n"
      "and r7, r7, r5\n"
      "smlabb r10, r8, r9, r10\n"
      "smlatt r12, r8, r9, r12\n"
      "smlabb r11, r6, r7, r11\n"
      "smlatt lr, r6, r7, lr\n"
      ".endm\n"
      ".macro thimble_row row weight\n"
      "ldr r0, \\row\n"
      "add r0, r0, r2\n"
      "bmi 7f\n"
      "thimble_tap \\weight\n"
      "7:\n"
      "thimble_tap \\weight+4, , r1\n"
      "bcs 8f\n"
      "thimble_tap \\weight+8, , r1, lsl #1\n"
      "8:\n"
      ".endm\n"
      "ldr r1, %[pixel]\n"
      "mov r2, #0\n"
      "ldr r3, %[weight]\n"
      "ldr r4, %[zeros]\n"
      "mov r5, #0xFF00FF00\n"
      "1:\n"
      "ldr r7, %[outside]\n"
      "msr APSR_nzcvq, r7\n"
      "ldmia r3!, {r10, r11, r12, lr}\n"
      "beq 2f\n"
      "thimble_row \"%[row_0]\" 0\n"
      "2:\n"
      "thimble_row \"%[row_1]\" 12\n"
      "bvs 3f\n"
      "thimble_row \"%[row_2]\" 24\n"
      "3:\n"
      "add r3, r3, #36\n"
      "ldmia r3!, {r6, r7, r8, r9}\n"
      "ldr r0, %[zero]\n"
      "smmla r10, r10, r6, r0\n"
      "smmla r11, r11, r7, r0\n"
      "smmla r12, r12, r8, r0\n"
      "smmla lr, lr, r9, r0\n"
      "ldr r0, %[out]\n"
      "ssat r10, #8, r10, asr #10\n"
      "ssat r11, #8, r11, asr #10\n"
      "ssat r12, #8, r12, asr #10\n"
      "ssat lr, #8, lr, asr #10\n"
      "add r0, r0, r2\n"
      "strb r10, [r0]\n"
      "strb r11, [r0, #1]\n"
      "strb r12, [r0, #2]\n"
      "strb lr, [r0, #3]\n"
      "ldr r0, %[channels]\n"
      "add r2, r2, #4\n"
      "cmp r2, r0\n"
      "bne 1b\n"
      ".purgem thimble_tap\n"
      ".purgem thimble_row\n"
      :
      : [pixel] "m"(pixel), [weight] "m"(weight), [zeros] "m"(zeros), [outside] "m"(outside),
        [row_0] "m"(row_0), [row_1] "m"(row_1), [row_2] "m"(row_2), [zero] "m"(zero),
        [out] "m"(out), [channels] "m"(channels)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
        "memory");
}

#endif
