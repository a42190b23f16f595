#ifndef THIMBLE_FOURS_I8_C
#define THIMBLE_FOURS_I8_C
#include "thimble_kernel.h"

// The int8 of a window of three by three of each of `channels` > 0, whole fours, whose rows begin
// at `row_0` to `row_2` and whose columns are `pixel` apart. Taps outside of the input are passed
// over: of the first column (`outside` has bit 31), the first row (30), the last column (29) and
// the last row (28). Of four channels there are 17 words: biases, weights of nine taps, multipliers
// (ops/fours.h).
THIMBLE_KERNEL THIMBLE_NOINLINE void fours_i8(int8_t *out, const int8_t *row_0, const int8_t *row_1,
                                              const int8_t *row_2, int pixel, uint32_t outside,
                                              int channels, const int32_t *weight, int in_zero,
                                              int32_t zero) {
  const int ky0 = (int)(outside >> 30 & 1), ky1 = 3 - (int)(outside >> 28 & 1);
  const int kx0 = (int)(outside >> 31), kx1 = 3 - (int)(outside >> 29 & 1);
  for (int c = 0; c < channels; ++c) {
    const int32_t *const words = weight + c / 4 * 17;
    uint32_t sum = (uint32_t)THIMBLE_READ_I32(words + c % 4);
    for (int ky = ky0; ky < ky1; ++ky) {
      const int8_t *const row = ky == 0 ? row_0 : ky == 1 ? row_1 : row_2;
      for (int kx = kx0; kx < kx1; ++kx) {
        const uint32_t four = (uint32_t)THIMBLE_READ_I32(words + (4 + 3 * ky + kx));
        const int32_t tap = (int8_t)(four >> 8 * (c % 4));
        sum += (uint32_t)(tap * 256 * (row[kx * pixel + c] - in_zero));
      }
    }
    const int64_t product = (int64_t)(int32_t)sum * THIMBLE_READ_I32(words + (13 + c % 4));
    const int32_t q = ((int32_t)(product >> 32) + zero) >> 10;
    out[c] = (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
  }
}

#endif
