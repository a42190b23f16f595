#ifndef THIMBLE_SPREAD_I8_ARMV7EM_C
#define THIMBLE_SPREAD_I8_ARMV7EM_C
#include "thimble_kernel.h"

// As spread_i8, in the instructions of ARMv7E-M: of two pixels at a time, two halfwords a plane.
THIMBLE_KERNEL THIMBLE_NOINLINE void spread_i8(int16_t *plane, int pitch, const int8_t *values,
                                               int step, int pixels, int zero) {
  const uint32_t zeros = (uint16_t)-zero * (uint32_t)0x10001;
  const int two_planes = 2 * pitch, six_planes = 6 * pitch;
  int pairs = pixels >> 1;
  if (pairs > 0) {
    int32_t a, b, c, d, two;
    __asm__ volatile(
        ".syntax unified\n"
        "1:\n"
        "ldr %[a], [%[values]]\n"
        "ldr %[b], [%[values], %[step]]\n"
        "add %[values], %[values], %[step], lsl #1\n"
        "sxtab16 %[c], %[zeros], %[a]\n"
        "sxtab16 %[a], %[zeros], %[a], ror #8\n"
        "sxtab16 %[d], %[zeros], %[b]\n"
        "sxtab16 %[b], %[zeros], %[b], ror #8\n"
        "pkhbt %[two], %[a], %[b], lsl #16\n"
        "str %[two], [%[plane], %[pitch]]\n"
        "pkhtb %[b], %[b], %[a], asr #16\n"
        "str %[b], [%[plane], %[six]]\n"
        "pkhtb %[two], %[d], %[c], asr #16\n"
        "str %[two], [%[plane], %[pitch], lsl #1]\n"
        "pkhbt %[c], %[c], %[d], lsl #16\n"
        "str %[c], [%[plane]], #4\n"
        "subs %[pairs], %[pairs], #1\n"
        "bne 1b\n"
        : [plane] "+r"(plane), [values] "+r"(values), [pairs] "+r"(pairs), [a] "=&r"(a),
          [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [two] "=&r"(two)
        : [step] "r"(step), [pitch] "r"(two_planes), [six] "r"(six_planes), [zeros] "r"(zeros)
        : "cc", "memory");
  }
  if (pixels % 2 == 1) {
    for (int k = 0; k < 4; ++k) {
      plane[k * pitch] = (int16_t)(values[k] - zero);
    }
  }
}

#endif
