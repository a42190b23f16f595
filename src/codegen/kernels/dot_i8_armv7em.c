#ifndef THIMBLE_DOT_I8_ARMV7EM_C
#define THIMBLE_DOT_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As dot_i8, in the instructions of ARMv7E-M: four bytes are a load, and become the halfwords of
// bytes 0 and 2 and those of 1 and 3, two of which a multiplication takes.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  int32_t sum = 0, even, odd, two, four;
  int rounds = count >> 2;
  if (rounds > 0) {
    __asm__(
        ".syntax unified\n"
        "1:\n"
        "ldr %[odd], [%[values]], #4\n"
        "ldr %[four], [%[weight]], #4\n"
        "sxtb16 %[even], %[odd]\n"
        "sxtb16 %[two], %[four]\n"
        "smlad %[sum], %[even], %[two], %[sum]\n"
        "sxtb16 %[odd], %[odd], ror #8\n"
        "sxtb16 %[four], %[four], ror #8\n"
        "smlad %[sum], %[odd], %[four], %[sum]\n"
        "subs %[rounds], %[rounds], #1\n"
        "bne 1b\n"
        : [values] "+&r"(values), [weight] "+&r"(weight), [rounds] "+&r"(rounds), [sum] "+&r"(sum),
          [even] "=&r"(even), [odd] "=&r"(odd), [two] "=&r"(two), [four] "=&r"(four)
        :
        : "cc", "memory");
  }
  for (count &= 3; count > 0; --count) {
    sum += *weight * *values;
    ++weight;
    ++values;
  }
  return sum;
}

#endif
