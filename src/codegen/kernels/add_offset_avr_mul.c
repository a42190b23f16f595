#ifndef THIMBLE_ADD_OFFSET_AVR_MUL_C
#define THIMBLE_ADD_OFFSET_AVR_MUL_C
#include "thimble_kernel.h"

// As add_offset, in the instructions of AVRs that multiply. Sums of 24 bits are in registers as in
// window_offset_avr_mul.c.
THIMBLE_KERNEL THIMBLE_NOINLINE void add_offset(const int8_t *values, int count,
                                                const uint8_t *weight, int outputs,
                                                int32_t *const *places) {
  uint8_t left = (uint8_t)outputs;
  do {
    const uint8_t lanes = left < 4 ? 1 : 4;
    register const int8_t *from __asm__("r26") = values;
    register const uint8_t *flash __asm__("r30") = weight;
    register int32_t *const *to __asm__("r22") = places;
    register int counter __asm__("r24") = count;
    register uint8_t outs __asm__("r20") = lanes;
    __asm__ volatile(
        ".macro thimble_term low, middle, high\n"
        "lpm r17, Z+\n"
        "mul r16, r17\n"
        "add \\low, r0\n"
        "adc \\middle, r1\n"
        "adc \\high, r18\n"
        ".endm\n"
        ".macro thimble_value lanes\n"
        "ld r16, X+\n"
        "subi r16, 128\n"
        "brne 21f\n"
        "adiw r30, \\lanes\n"
        "rjmp 22f\n"
        "21:\n"
        "add r14, r16\n"
        "adc r15, r18\n"
        "thimble_term r2, r3, r10\n"
        ".if \\lanes > 1\n"
        "thimble_term r4, r5, r11\n"
        "thimble_term r6, r7, r12\n"
        "thimble_term r8, r9, r13\n"
        ".endif\n"
        "22:\n"
        ".endm\n"
        ".macro thimble_values lanes\n"
        "sbrs r24, 0\n"
        "rjmp 11f\n"
        "thimble_value \\lanes\n"
        "11:\n"
        "lsr r25\n"
        "ror r24\n"
        "rjmp 13f\n"
        "12:\n"
        "thimble_value \\lanes\n"
        "thimble_value \\lanes\n"
        "13:\n"
        "sbiw r24, 1\n"
        "brcc 12b\n"
        ".endm\n"
        "clr r18\n"
        "clr r19\n"
        ".irp sum, 2, 4, 6, 8, 10, 12, 14\n"
        "movw r\\sum, r18\n"
        ".endr\n"
        "sbrs r20, 2\n"
        "rjmp 1f\n"
        "thimble_values 4\n"
        "rjmp 2f\n"
        "1:\n"
        "thimble_values 1\n"
        "2:\n"
        "lsr r15\n"
        "ror r14\n"
        "ror r19\n"
        "3:\n"
        "sub r2, r19\n"
        "sbc r3, r14\n"
        "sbc r10, r15\n"
        "mov r21, r10\n"
        "lsl r21\n"
        "sbc r21, r21\n"
        "movw r26, r22\n"
        "ld r24, X+\n"
        "ld r25, X+\n"
        "movw r22, r26\n"
        "movw r26, r24\n"
        "or r24, r25\n"
        "breq 4f\n"
        "ld r16, X\n"
        "add r16, r2\n"
        "st X+, r16\n"
        "ld r16, X\n"
        "adc r16, r3\n"
        "st X+, r16\n"
        "ld r16, X\n"
        "adc r16, r10\n"
        "st X+, r16\n"
        "ld r16, X\n"
        "adc r16, r21\n"
        "st X, r16\n"
        "4:\n"
        "movw r2, r4\n"
        "movw r4, r6\n"
        "movw r6, r8\n"
        "mov r10, r11\n"
        "mov r11, r12\n"
        "mov r12, r13\n"
        "dec r20\n"
        "brne 3b\n"
        "clr r1\n"
        ".purgem thimble_term\n"
        ".purgem thimble_value\n"
        ".purgem thimble_values\n"
        : "+&r"(from), "+&r"(flash), "+&r"(to), "+&r"(counter), "+&r"(outs)
        :
        : "r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
          "r15", "r16", "r17", "r18", "r19", "r21", "cc", "memory");
    weight = flash;
    places = to;
    left = (uint8_t)(left - lanes);
  } while (left > 0);
}

#endif
