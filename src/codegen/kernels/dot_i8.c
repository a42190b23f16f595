#ifndef THIMBLE_DOT_I8_C
#define THIMBLE_DOT_I8_C
#include "thimble_kernel.h"

// Sum of weight * value over runs of `run` neighbours, one run every `weight_step` weights and
// `value_step` values, up to `weight_end`. A product of two int8 fits 16 bits, so an 8-bit machine
// needs one multiplication.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, int value_step,
                                               const int8_t *weight, int weight_step,
                                               const int8_t *weight_end, int run) {
  int32_t sum = 0;
  while (weight < weight_end) {
    const int8_t *a = values;
    const int8_t *w = weight;
    for (int i = run; i > 0; --i) {
      sum += THIMBLE_READ_I8(w) * *a;
      ++w;
      ++a;
    }
    values += value_step;
    weight += weight_step;
  }
  return sum;
}

#endif
