#ifndef THIMBLE_FOLD_C8_AVR_MUL_C
#define THIMBLE_FOLD_C8_AVR_MUL_C
#include "thimble_kernel.h"

// As fold_c8, by running the weights. Sums of 24 bits are in registers as in
// window_offset_avr_mul.c; r18 and r20 keep what they are of, r24 the caller's Y.
THIMBLE_KERNEL THIMBLE_INLINE void fold_c8(int32_t *sums, int outputs, const int8_t *values,
                                           int count, const uint16_t *weight) {
  register int32_t *to __asm__("r26") = sums;
  register const int8_t *from __asm__("r24") = values;
  register unsigned code __asm__("r30") = (unsigned)weight >> 1;
  register uint8_t left __asm__("r20") = (uint8_t)outputs;
  (void)count;
  __asm__ volatile(
      ".macro thimble_load low, middle, high, next\n"
      "ld \\low, X+\n"
      "ld \\middle, X+\n"
      "ld \\high, X+\n"
      "cpi r20, \\next\n"
      "brlo 1f\n"
      "adiw r26, 1\n"
      ".endm\n"
      ".macro thimble_store low, middle, high, next\n"
      "mov r0, \\high\n"
      "lsl r0\n"
      "sbc r0, r0\n"
      "st X+, \\low\n"
      "st X+, \\middle\n"
      "st X+, \\high\n"
      "st X+, r0\n"
      "cpi r20, \\next\n"
      "brlo 1f\n"
      ".endm\n"
      "thimble_pushes_2_%=:\n"
      "movw r18, r26\n"
      "thimble_load r2, r3, r10, 2\n"
      "thimble_load r4, r5, r11, 3\n"
      "thimble_load r6, r7, r12, 4\n"
      "thimble_load r8, r9, r13, 5\n"
      "thimble_load r14, r15, r22, 6\n"
      "thimble_load r16, r17, r23, 7\n"
      "1:\n"
      "movw r26, r24\n"
      "movw r24, r28\n"
      "clr r28\n"
      "ldi r29, 1\n"
      "icall\n"
      "movw r28, r24\n"
      "movw r26, r18\n"
      "thimble_store r2, r3, r10, 2\n"
      "thimble_store r4, r5, r11, 3\n"
      "thimble_store r6, r7, r12, 4\n"
      "thimble_store r8, r9, r13, 5\n"
      "thimble_store r14, r15, r22, 6\n"
      "thimble_store r16, r17, r23, 7\n"
      "1:\n"
      "clr r1\n"
      "thimble_pushed_%=:\n"
      ".purgem thimble_load\n"
      ".purgem thimble_store\n"
      : "+&r"(to), "+&r"(from), "+&r"(code), "+&r"(left)
      :
      : "r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
        "r15", "r16", "r17", "r18", "r19", "r22", "r23", "cc", "memory");
}

#endif
