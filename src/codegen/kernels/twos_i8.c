#ifndef THIMBLE_TWOS_I8_C
#define THIMBLE_TWOS_I8_C
#include "line_end_i8.c"
#include "thimble_kernel.h"

// As threes_i8, of two pixels, whose values are as widen_two_i8 writes them.
THIMBLE_KERNEL THIMBLE_NOINLINE void twos_i8(const int16_t *values, const int32_t *weight,
                                             int fours, int outputs, int8_t *out, int out_pixel,
                                             int32_t zero) {
  for (int c = 0; c < outputs; c += 2) {
    const int32_t *const end = weight + (1 + 2 * fours);
    for (int pixel = 0; pixel < 2; ++pixel) {
      uint32_t both = (uint32_t)THIMBLE_READ_I32(weight);
      int32_t low = 0;
      for (int i = 0; i < 2 * fours; ++i) {
        const int16_t *const two = values + (4 * i + 2 * pixel);
        const int32_t w = THIMBLE_READ_I32(weight + 1 + i);
        both += (uint32_t)((int32_t)(int16_t)w * two[0] + (w >> 16) * two[1]);
        low += (int32_t)(int8_t)w * two[0] + (int32_t)(int8_t)(w >> 16) * two[1];
      }
      int8_t *const to = out + (pixel * out_pixel + c);
      to[0] = line_end_i8(256 * low + THIMBLE_READ_I32(end + 1), THIMBLE_READ_I32(end + 2), zero);
      to[1] = line_end_i8((int32_t)(both - (uint32_t)low), THIMBLE_READ_I32(end), zero);
    }
    weight = end + 3;
  }
}

#endif
