#ifndef THIMBLE_DOT_I8_AVR_MUL_C
#define THIMBLE_DOT_I8_AVR_MUL_C
#include "thimble_kernel.h"

// As dot_i8, in the instructions of AVRs that multiply, what is no multiple of four first.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  register int8_t factor __asm__("r18"); /* GCC does not always find such ones */
  register int8_t value __asm__("r19");
  uint8_t single = (uint8_t)(count & 3), sign;
  int32_t sum = 0;
  count >>= 2;
  __asm__(
      ".macro thimble_product\n"
      "lpm %[factor], Z+\n"
      "ld %[value], X+\n"
      "muls %[value], %[factor]\n"
      "sbc %[sign], %[sign]\n"
      "add %A[sum], r0\n"
      "adc %B[sum], r1\n"
      "adc %C[sum], %[sign]\n"
      "adc %D[sum], %[sign]\n"
      ".endm\n"
      "rjmp 2f\n"
      "1:\n"
      "thimble_product\n"
      "2:\n"
      "dec %[single]\n"
      "brpl 1b\n"
      "rjmp 4f\n"
      "3:\n"
      ".rept 4\n"
      "thimble_product\n"
      ".endr\n"
      "4:\n"
      "sbiw %[count], 1\n"
      "brpl 3b\n"
      ".purgem thimble_product\n"
      "clr r1\n"
      : [values] "+&x"(values), [weight] "+&z"(weight), [sum] "+&r"(sum), [single] "+&r"(single),
        [count] "+&w"(count), [value] "=&a"(value), [factor] "=&a"(factor), [sign] "=&r"(sign)
      :
      : "r0", "cc", "memory");
  return sum;
}

#endif
