#ifndef THIMBLE_MIX_Q14_C
#define THIMBLE_MIX_Q14_C
#include "thimble_kernel.h"

// share * a + (1 - share) * b, where share is 0 to 2^14.
THIMBLE_KERNEL int16_t mix_q14(int16_t share, int16_t a, int16_t b) {
  return (int16_t)(((int32_t)share * a + (int32_t)(16384 - share) * b + 8192) >> 14);
}

#endif
