#ifndef THIMBLE_LARGER_I8_C
#define THIMBLE_LARGER_I8_C
#include "thimble_kernel.h"

// The larger of `so_far` and those of `pixels` pixels that are `step` elements apart, channel by
// channel. Up to sixteen channels are read before the first of them is written.
THIMBLE_KERNEL THIMBLE_NOINLINE void larger_i8(int8_t *out, const int8_t *so_far,
                                               const int8_t *pixel, int pixels, int step,
                                               int channels) {
  for (int c = 0; c < channels; ++c) {
    const int8_t *a = pixel + c;
    int8_t most = so_far[c];
    for (int i = 0; i < pixels; ++i) {
      if (*a > most) most = *a;
      a += step;
    }
    out[c] = most;
  }
}

#endif
