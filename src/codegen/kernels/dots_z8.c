#ifndef THIMBLE_DOTS_Z8_C
#define THIMBLE_DOTS_Z8_C
#include "thimble_kernel.h"

// As dots_sparse, each weight read once for all pixels. Of fewer than four the sums of the others
// are nothing.
THIMBLE_KERNEL THIMBLE_NOINLINE void dots_z8(const int8_t *values, int step, int pixels, int count,
                                             const uint8_t **codes, int *left, int32_t *sums) {
  const int8_t *const v_1 = values + step;
  const int8_t *const v_2 = pixels > 2 ? v_1 + step : v_1;
  const int8_t *const v_3 = pixels > 3 ? v_2 + step : v_2;
  const uint8_t *code = *codes;
  int at = *left;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  while (at < count) {
    const int8_t weight = (int8_t)THIMBLE_READ_U8(code);
    sum_0 += weight * values[at];
    sum_1 += weight * v_1[at];
    sum_2 += weight * v_2[at];
    sum_3 += weight * v_3[at];
    at += 1 + THIMBLE_READ_U8(code + 1);
    code += 2;
  }
  *codes = code;
  *left = at - count;
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
