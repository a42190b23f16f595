#ifndef THIMBLE_FOLD_C8_C
#define THIMBLE_FOLD_C8_C
#include "instructed_weight.c"
#include "thimble_kernel.h"

// Adds to `outputs` sums, at most six that lie side by side, what weights as instructions
// (ops/offset_weights.h) make of `count` values.
THIMBLE_KERNEL THIMBLE_INLINE void fold_c8(int32_t *sums, int outputs, const int8_t *values,
                                           int count, const uint16_t *weight) {
  for (int o = 0; o < outputs; ++o)
    for (int i = 0; i < count; ++i)
      sums[o] +=
          instructed_weight(weight + (i * (3 + 5 * outputs) + 3 + 5 * o)) * (values[i] + 128);
}

#endif
