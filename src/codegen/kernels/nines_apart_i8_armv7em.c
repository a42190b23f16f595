#ifndef THIMBLE_NINES_APART_I8_ARMV7EM_C
#define THIMBLE_NINES_APART_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As nines_apart_i8, in the instructions of ARMv7E-M, with the registers of nines_i8; r10 has the
// weights of column 2.
THIMBLE_KERNEL THIMBLE_INLINE void nines_apart_i8(int8_t *out, int out_pixel, int pixels,
                                                  const int16_t *planes, int odd,
                                                  const int32_t *weight, int32_t zero) {
  const int16_t *end = planes + 24 * (1 + pixels);
  const int16_t *const last_end = end + 24;
  const int back_planes = 48 * (1 + pixels) - 12, back_out = out_pixel * pixels - 1;
  __asm__ volatile(
      ".syntax unified\n"
      ".macro thimble_output\n"
      "smmla r9, r9, r7, r11\n"
      "ssat r9, #8, r9, asr #10\n"
      "strb r9, [lr]\n"
      "ldr r9, %[out_pixel]\n"
      "add lr, lr, r9\n"
      "ldr r9, %[end]\n"
      "cmp r12, r9\n"
      ".endm\n"
      "ldr r12, %[planes]\n"
      "ldr lr, %[out]\n"
      "ldr r11, %[zero]\n"
      "1:\n"
      "ldr r2, %[weight]\n"
      "ldmia r2!, {r3, r4, r5, r6, r7}\n"
      "str r2, %[weight]\n"
      "sxtb16 r8, r3, ror #8\n"
      "sxtb16 r3, r3\n"
      "sxtb16 r10, r4\n"
      "sxtb16 r4, r4, ror #8\n"
      "ldr r9, %[odd]\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, [r12, #-40]\n"
      "cmp r9, #0\n"
      "bne 3f\n"
      "2:\n"
      "smlad r9, r0, r3, r6\n"
      "smlad r9, r1, r8, r9\n"
      "smlad r9, r2, r4, r9\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, [r12, #-40]\n"
      "smlad r9, r0, r10, r9\n"
      "smlabt r9, r2, r5, r9\n"
      "thimble_output\n"
      "bne 2b\n"
      "b 4f\n"
      "3:\n"
      "smlad r9, r1, r3, r6\n"
      "smlatb r9, r2, r4, r9\n"
      "ldrd r0, r1, [r12], #48\n"
      "ldr r2, [r12, #-40]\n"
      "smlad r9, r0, r8, r9\n"
      "smlad r9, r1, r10, r9\n"
      "smlad r9, r2, r5, r9\n"
      "thimble_output\n"
      "bne 3b\n"
      "4:\n"
      "ldr r1, %[back_planes]\n"
      "ldr r2, %[back_out]\n"
      "sub r12, r12, r1\n"
      "sub lr, lr, r2\n"
      "ldr r1, %[last_end]\n"
      "add r9, r9, #12\n"
      "str r9, %[end]\n"
      "cmp r9, r1\n"
      "bne 1b\n"
      ".purgem thimble_output\n"
      : [weight] "+m"(weight), [end] "+m"(end)
      : [planes] "m"(planes), [out] "m"(out), [zero] "m"(zero), [odd] "m"(odd),
        [out_pixel] "m"(out_pixel), [back_planes] "m"(back_planes), [back_out] "m"(back_out),
        [last_end] "m"(last_end)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
        "memory");
}

#endif
