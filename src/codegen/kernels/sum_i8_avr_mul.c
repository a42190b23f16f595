#ifndef THIMBLE_SUM_I8_AVR_MUL_C
#define THIMBLE_SUM_I8_AVR_MUL_C
#include "thimble_kernel.h"

// As sum_i8, in AVR's instructions: 254 values at most in 16 bits, two by two.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_i8(const int8_t *values, int count) {
  int32_t sum = 0;
  if (count & 1) {
    sum = *values;
    THIMBLE_STEP(values);
  }
  for (int pairs = count >> 1; pairs > 0; pairs -= 127) {
    uint8_t left = (uint8_t)(pairs < 127 ? pairs : 127), value;
    int16_t part = 0;
    __asm__(
        "1:\n"
        ".rept 2\n"
        "ld %[value], X+\n"
        "add %A[part], %[value]\n"
        "adc %B[part], __zero_reg__\n"
        "sbrc %[value], 7\n"
        "dec %B[part]\n"
        ".endr\n"
        "dec %[left]\n"
        "brne 1b\n"
        : [values] "+&x"(values), [part] "+&r"(part), [left] "+&r"(left), [value] "=&r"(value)
        :
        : "cc", "memory");
    sum += part;
  }
  return sum;
}

#endif
