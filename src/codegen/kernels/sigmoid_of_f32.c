#ifndef THIMBLE_SIGMOID_OF_F32_C
#define THIMBLE_SIGMOID_OF_F32_C
#include <math.h>

#include "thimble_kernel.h"

// 1 / (1 + e^-x)
THIMBLE_KERNEL float sigmoid_of_f32(float x) {
  const float power = expf(-x);
  return 1.0f / (1.0f + power);
}

#endif
