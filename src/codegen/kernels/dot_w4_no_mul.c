#ifndef THIMBLE_DOT_W4_NO_MUL_C
#define THIMBLE_DOT_W4_NO_MUL_C
#include "thimble_kernel.h"

// As dot_packed, without multiplications: values are added up for each bit of the codes, and the
// bits' sums weighted in the end. 255 values fit an `int` of 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w4(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int8_t *const end = values + (count < 255 ? count : 255);
    int bit_0 = 0, bit_1 = 0, bit_2 = 0, bit_3 = 0, bit_4 = 0, bit_5 = 0, bit_6 = 0, bit_7 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int value = *values;
      THIMBLE_STEP(weight);
      THIMBLE_STEP(values);
      if (code & 1) bit_0 += value;
      if (code & 2) bit_1 += value;
      if (code & 4) bit_2 += value;
      if (code & 8) bit_3 += value;
      if (code & 16) bit_4 += value;
      if (code & 32) bit_5 += value;
      if (code & 64) bit_6 += value;
      if (code & 128) bit_7 += value;
    } while (values != end);
    sums[0] += bit_0 + 2 * ((int32_t)bit_1 + 2 * ((int32_t)bit_2 + 2 * (int32_t)bit_3));
    sums[1] += bit_4 + 2 * ((int32_t)bit_5 + 2 * ((int32_t)bit_6 + 2 * (int32_t)bit_7));
    count -= 255;
  }
}

#endif
