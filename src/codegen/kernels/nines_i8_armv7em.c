#ifndef THIMBLE_NINES_I8_ARMV7EM_C
#define THIMBLE_NINES_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As nines_i8, in the instructions of ARMv7E-M, two windows at a time: r9 and r10 are the sums that
// the pairs before have begun. All registers are taken: a pair's columns are r0 and r1, its third
// row r2; weights r3, r8 (columns 0 and 1), r4 and r5 (the third row), r6 the bias, r7 the line's
// multiplier, r11 its offset.
THIMBLE_KERNEL THIMBLE_INLINE void nines_i8(int8_t *out, int out_pixel, int pixels,
                                            const int16_t *planes, int odd, const int32_t *weight,
                                            int32_t zero) {
  const int twos = (pixels + odd) / 2, left = (pixels + odd) % 2;
  const int16_t *end = planes + 24 * (1 + twos);
  const int16_t *const last_end = end + 24;
  const int back_planes = 48 * (1 + twos) - 12, back_out = 2 * out_pixel * twos - 1;
  int8_t *const first = out - odd * out_pixel;
  int32_t column_2;
  __asm__ volatile(
      ".syntax unified\n"
      "ldr r12, %[planes]\n"
      "ldr lr, %[first]\n"
      "ldr r11, %[zero]\n"
      "1:\n"
      "ldr r2, %[weight]\n"
      "ldmia r2!, {r3, r4, r5, r6, r7}\n"
      "str r2, %[weight]\n"
      "sxtb16 r8, r3, ror #8\n"
      "sxtb16 r3, r3\n"
      "sxtb16 r2, r4\n"
      "str r2, %[column_2]\n"
      "sxtb16 r4, r4, ror #8\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, [r12, #-40]\n"
      "smlad r9, r0, r3, r6\n"
      "smlad r9, r1, r8, r9\n"
      "smlad r9, r2, r4, r9\n"
      "smlad r10, r1, r3, r6\n"
      "smlatb r10, r2, r4, r10\n"
      "ldr r0, %[odd]\n"
      "cmp r0, #0\n"
      "beq 4f\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, %[column_2]\n"
      "smlad r10, r1, r2, r10\n"
      "ldr r2, [r12, #-40]\n"
      "b 3f\n"
      "2:\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, %[column_2]\n"
      "smlad r9, r0, r2, r9\n"
      "smlad r10, r1, r2, r10\n"
      "ldr r2, [r12, #-40]\n"
      "smlabt r9, r2, r5, r9\n"
      "smmla r9, r9, r7, r11\n"
      "ssat r9, #8, r9, asr #10\n"
      "strb r9, [lr]\n"
      "3:\n"
      "smlad r9, r0, r3, r6\n"
      "smlad r10, r0, r8, r10\n"
      "smlad r9, r1, r8, r9\n"
      "smlad r10, r2, r5, r10\n"
      "smlad r9, r2, r4, r9\n"
      "smmla r10, r10, r7, r11\n"
      "ldr r0, %[out_pixel]\n"
      "ssat r10, #8, r10, asr #10\n"
      "strb r10, [lr, r0]\n"
      "add lr, lr, r0, lsl #1\n"
      "smlad r10, r1, r3, r6\n"
      "smlatb r10, r2, r4, r10\n"
      "4:\n"
      "ldr r0, %[end]\n"
      "cmp r12, r0\n"
      "bne 2b\n"
      "ldr r1, %[left]\n"
      "cbz r1, 5f\n"
      "ldr r1, [r12]\n"
      "ldr r2, %[column_2]\n"
      "smlad r9, r1, r2, r9\n"
      "ldr r2, [r12, #8]\n"
      "smlabt r9, r2, r5, r9\n"
      "smmla r9, r9, r7, r11\n"
      "ssat r9, #8, r9, asr #10\n"
      "strb r9, [lr]\n"
      "5:\n"
      "ldr r1, %[back_planes]\n"
      "ldr r2, %[back_out]\n"
      "sub r12, r12, r1\n"
      "sub lr, lr, r2\n"
      "ldr r1, %[last_end]\n"
      "add r0, r0, #12\n"
      "str r0, %[end]\n"
      "cmp r0, r1\n"
      "bne 1b\n"
      : [weight] "+m"(weight), [end] "+m"(end), [column_2] "=m"(column_2)
      : [planes] "m"(planes), [first] "m"(first), [zero] "m"(zero), [odd] "m"(odd),
        [out_pixel] "m"(out_pixel), [left] "m"(left), [back_planes] "m"(back_planes),
        [back_out] "m"(back_out), [last_end] "m"(last_end)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
        "memory");
}

#endif
