#ifndef THIMBLE_SHIFTED_I32_C
#define THIMBLE_SHIFTED_I32_C
#include "thimble_kernel.h"

// value * 2^shift within int32, of a shift from 1 to 30. Rare, and kept apart: GCC would work it
// out in any case.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t shifted_i32(int32_t value, int8_t shift) {
  const int32_t most = INT32_MAX >> shift;
  if (value > most) return INT32_MAX;
  if (value < ~most) return INT32_MIN;
  return (int32_t)((uint32_t)value << shift);
}

#endif
