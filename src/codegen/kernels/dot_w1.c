#ifndef THIMBLE_DOT_W1_C
#define THIMBLE_DOT_W1_C
#include "thimble_kernel.h"

// As dot_packed, of 1-bit levels: values are added where the bit is set; 255 of them fit an `int`
// of 16 bits.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_w1(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int8_t *const end = values + (count < 255 ? count : 255);
    int sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0, sum_4 = 0, sum_5 = 0, sum_6 = 0, sum_7 = 0;
    do {
      const uint8_t code = THIMBLE_READ_U8(weight);
      const int value = *values;
      THIMBLE_STEP(weight);
      THIMBLE_STEP(values);
      if (code & 1) sum_0 += value;
      if (code & 2) sum_1 += value;
      if (code & 4) sum_2 += value;
      if (code & 8) sum_3 += value;
      if (code & 16) sum_4 += value;
      if (code & 32) sum_5 += value;
      if (code & 64) sum_6 += value;
      if (code & 128) sum_7 += value;
    } while (values != end);
    sums[0] += sum_0;
    sums[1] += sum_1;
    sums[2] += sum_2;
    sums[3] += sum_3;
    sums[4] += sum_4;
    sums[5] += sum_5;
    sums[6] += sum_6;
    sums[7] += sum_7;
    count -= 255;
  }
}

#endif
