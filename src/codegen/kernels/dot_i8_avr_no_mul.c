#ifndef THIMBLE_DOT_I8_AVR_NO_MUL_C
#define THIMBLE_DOT_I8_AVR_NO_MUL_C
#include "thimble_kernel.h"

// As dot_i8, in the instructions of AVRs that do not multiply: bit by bit of the weight, the lowest
// first, value + 128 is added to the product's upper byte and both bytes are shifted down; the
// weight leaves the lower one as the product comes in. The last bit counts negative. Added up are
// products + 32768, which have no sign; what is too much, 128 times the weights and 256 for each,
// is taken off in the end: of 127 of them its two bytes hold the sum.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  int32_t sum = 0;
  while (count > 0) {
    uint8_t left = count < 127 ? (uint8_t)count : 127, value, product, zero;
    uint16_t weights = (uint16_t)(left << 8);
    int32_t part;
    count -= left;
    __asm__(
        "clr %[zero]\n"
        "clr %A[part]\n"
        "clr %B[part]\n"
        "clr %C[part]\n"
        "1:\n"
        "ld %[value], X+\n"
        "lpm r0, Z+\n"
        "subi %[value], 0x80\n"
        "add %A[weights], r0\n"
        "adc %B[weights], %[zero]\n"
        "sbrc r0, 7\n"
        "dec %B[weights]\n"
        "clr %[product]\n"
        "lsr r0\n"
        ".rept 7\n"
        "brcc .+2\n"
        "add %[product], %[value]\n"
        "ror %[product]\n"
        "ror r0\n"
        ".endr\n"
        "brcc .+2\n"
        "sub %[product], %[value]\n"
        "ror %[product]\n"
        "ror r0\n"
        "subi %[product], 0x80\n"
        "add %A[part], r0\n"
        "adc %B[part], %[product]\n"
        "adc %C[part], %[zero]\n"
        "dec %[left]\n"
        "brne 1b\n"
        "lsr %B[weights]\n"
        "ror %A[weights]\n"
        "ror %[zero]\n"
        "sub %A[part], %[zero]\n"
        "sbc %B[part], %A[weights]\n"
        "sbc %C[part], %B[weights]\n"
        "sbc %D[part], %D[part]\n"
        : [values] "+&x"(values), [weight] "+&z"(weight), [left] "+&r"(left), [part] "=&r"(part),
          [weights] "+&r"(weights), [value] "=&d"(value), [product] "=&d"(product),
          [zero] "=&r"(zero)
        :
        : "r0", "cc", "memory");
    sum += part;
  }
  return sum;
}

#endif
