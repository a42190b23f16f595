#ifndef THIMBLE_CLAMP_F32_C
#define THIMBLE_CLAMP_F32_C
#include "thimble_kernel.h"

THIMBLE_KERNEL float clamp_f32(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}

#endif
