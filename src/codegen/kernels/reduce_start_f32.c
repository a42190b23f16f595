#ifndef THIMBLE_REDUCE_START_F32_C
#define THIMBLE_REDUCE_START_F32_C
#include <math.h>

#include "thimble_kernel.h"

// What any first element is combined with (reduce_step_f32).
THIMBLE_KERNEL float reduce_start_f32(int kind) {
  const float infinity = (float)INFINITY;
  return kind == 1 ? -infinity : kind == 2 ? infinity : kind == 3 ? 1.0f : 0.0f;
}

#endif
