#ifndef THIMBLE_SHIFTED_I32_C
#define THIMBLE_SHIFTED_I32_C
#include "thimble_kernel.h"

// value * 2^shift within int32. Rare, and kept apart: GCC would work it out in any case.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t shifted_i32(int32_t value, int8_t shift) {
  const int64_t left = (int64_t)value * ((int64_t)1 << shift);
  return (int32_t)(left < INT32_MIN ? INT32_MIN : left > INT32_MAX ? INT32_MAX : left);
}

#endif
