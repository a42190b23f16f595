#ifndef THIMBLE_DOT_I8_C
#define THIMBLE_DOT_I8_C
#include "thimble_kernel.h"

// Sum of weight * value over `count` neighbours. Where `int` has 16 bits, adding 32 is dear, so two
// products are added first: of any int8 they make -32,512 to 32,768, and with 0x7F00 more they fit
// an `unsigned`.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_i8(const int8_t *values, const int8_t *weight,
                                               int count) {
  const int8_t *const end = values + count;
  int32_t sum = 0;
  if (count % 2 != 0) {
    sum = THIMBLE_READ_I8(weight) * *values;
    THIMBLE_STEP(weight);
    THIMBLE_STEP(values);
  }
  while (values != end) {
    unsigned products = 0x7F00;
    products += (unsigned)(THIMBLE_READ_I8(weight) * *values);
    THIMBLE_STEP(weight);
    THIMBLE_STEP(values);
    products += (unsigned)(THIMBLE_READ_I8(weight) * *values);
    THIMBLE_STEP(weight);
    THIMBLE_STEP(values);
    sum += (int32_t)products;
    sum -= 0x7F00;
  }
  return sum;
}

#endif
