#ifndef THIMBLE_PLANE_RUN_I8_C
#define THIMBLE_PLANE_RUN_I8_C
#include "thimble_kernel.h"

// `count` neighbours of binary_plane_i8, cut to int8 alone.
THIMBLE_KERNEL THIMBLE_NOINLINE void plane_run_i8(int8_t *out, const int8_t *a, const int8_t *b,
                                                  int count, int32_t a_factor, int32_t b_factor,
                                                  int32_t offset) {
  const int8_t *const end = a + count;
  while (a != end) {
    const int32_t value = (*a * a_factor + *b * b_factor + offset) >> 21;
    *out = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
    ++a;
    ++b;
    ++out;
  }
}

#endif
