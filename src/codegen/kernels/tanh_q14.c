#ifndef THIMBLE_TANH_Q14_C
#define THIMBLE_TANH_Q14_C
#include "sigmoid_q14.c"
#include "thimble_kernel.h"

// tanh(x / 2^11) * 2^14, which is twice the sigmoid of twice the argument, minus one.
THIMBLE_KERNEL int16_t tanh_q14(int16_t x, const int16_t *sigmoid) {
  return (int16_t)(2 * (sigmoid_q14(x, sigmoid) - 8192));
}

#endif
