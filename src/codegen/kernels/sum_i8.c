#ifndef THIMBLE_SUM_I8_C
#define THIMBLE_SUM_I8_C
#include "thimble_kernel.h"

THIMBLE_KERNEL THIMBLE_NOINLINE int32_t sum_i8(const int8_t *values, int count) {
  const int8_t *const end = values + count;
  int32_t sum = 0;
  while (values != end) {
    sum += *values;
    THIMBLE_STEP(values);
  }
  return sum;
}

#endif
