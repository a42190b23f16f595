#ifndef THIMBLE_DOT_WT_NO_MUL_C
#define THIMBLE_DOT_WT_NO_MUL_C
#include "thimble_kernel.h"

// As dot_wt, without multiplications.
THIMBLE_KERNEL THIMBLE_NOINLINE void dot_wt(const int8_t *values, const uint8_t *weight, int pitch,
                                            int count, int32_t *sums) {
  (void)pitch;
  while (count > 0) {
    const int8_t *const end = values + (count < 127 ? count : 127);
    int sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0, sum_4 = 0;
    do {
      const int value = *values;
      unsigned digits = THIMBLE_READ_U8(weight) * 3u;
      THIMBLE_STEP(weight);
      THIMBLE_STEP(values);
      sum_0 += digits < 256 ? 0 : digits < 512 ? value : 2 * value;
      digits = (digits & 255u) * 3u;
      sum_1 += digits < 256 ? 0 : digits < 512 ? value : 2 * value;
      digits = (digits & 255u) * 3u;
      sum_2 += digits < 256 ? 0 : digits < 512 ? value : 2 * value;
      digits = (digits & 255u) * 3u;
      sum_3 += digits < 256 ? 0 : digits < 512 ? value : 2 * value;
      digits = (digits & 255u) * 3u;
      sum_4 += digits < 256 ? 0 : digits < 512 ? value : 2 * value;
    } while (values != end);
    sums[0] += sum_0;
    sums[1] += sum_1;
    sums[2] += sum_2;
    sums[3] += sum_3;
    sums[4] += sum_4;
    count -= 127;
  }
}

#endif
