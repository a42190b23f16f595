#ifndef THIMBLE_ADD_OFFSET_C
#define THIMBLE_ADD_OFFSET_C
#include "thimble_kernel.h"

// Adds to `outputs` sums, at `places` where these are not null, what offset weights
// (ops/offset_weights.h) make of `count` values.
THIMBLE_KERNEL THIMBLE_NOINLINE void add_offset(const int8_t *values, int count,
                                                const uint8_t *weight, int outputs,
                                                int32_t *const *places) {
  for (int o = 0; o < outputs; ++o) {
    // Outputs of a block of four lie side by side.
    const int lanes = o / 4 < outputs / 4 ? 4 : 1;
    const uint8_t *w = weight + (o / lanes * lanes * count + o % lanes);
    int32_t sum = 0;
    for (int i = 0; i < count; ++i) {
      sum += ((int32_t)THIMBLE_READ_U8(w) - 128) * (values[i] + 128);
      w += lanes;
    }
    if (places[o]) *places[o] += sum;
  }
}

#endif
