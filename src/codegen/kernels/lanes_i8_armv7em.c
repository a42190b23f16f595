#ifndef THIMBLE_LANES_I8_ARMV7EM_C
#define THIMBLE_LANES_I8_ARMV7EM_C
#include <string.h>

#include "thimble_kernel.h"

// As lanes_i8, in the instructions of ARMv7E-M: four bytes are a load, and become halfwords from
// which the zero point is taken off on the way, of bytes 0 and 2 and of 1 and 3.
THIMBLE_KERNEL void lanes_i8(const int8_t *values, int step, const int8_t *weight, int pitch,
                             int count, int zero, int32_t *sums) {
  const uint32_t zeros = (uint16_t)-zero * (uint32_t)0x10001;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  for (; count > 0; --count) {
    const int w_0 = weight[0], w_1 = weight[pitch], w_2 = weight[2 * pitch],
              w_3 = weight[3 * pitch];
    uint32_t four, even, odd;
    memcpy(&four, values, 4);
    __asm__("sxtab16 %0, %1, %2" : "=r"(even) : "r"(zeros), "r"(four));
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(odd) : "r"(zeros), "r"(four));
    __asm__("smlabb %0, %1, %2, %0" : "+&r"(sum_0) : "r"(even), "r"(w_0));
    __asm__("smlabb %0, %1, %2, %0" : "+&r"(sum_1) : "r"(odd), "r"(w_1));
    __asm__("smlatb %0, %1, %2, %0" : "+&r"(sum_2) : "r"(even), "r"(w_2));
    __asm__("smlatb %0, %1, %2, %0" : "+&r"(sum_3) : "r"(odd), "r"(w_3));
    ++weight;
    values += step;
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
