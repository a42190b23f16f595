#ifndef THIMBLE_GATE_Q10_C
#define THIMBLE_GATE_Q10_C
#include "thimble_kernel.h"

// What a gate's activation is taken of, times 2^10: a sum rescaled, cut to +-clip (at most 16383,
// so that twice as much fits 16 bits).
THIMBLE_KERNEL THIMBLE_NOINLINE int16_t gate_q10(int32_t sum, thimble_multiplier multiplier,
                                                 int8_t shift, int clip) {
  const int32_t value = thimble_requant(sum, multiplier, shift);
  return (int16_t)(value < -clip ? -clip : value > clip ? clip : value);
}

#endif
