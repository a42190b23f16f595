#ifndef THIMBLE_SCALE_I16_C
#define THIMBLE_SCALE_I16_C
#include "thimble_kernel.h"

// value * factor / 2^shift, halves rounded up, cut to 16 bits. |value| and |factor| below 2^15,
// shift 1 to 30.
THIMBLE_KERNEL int16_t scale_i16(int value, int factor, int shift) {
  const int32_t scaled = ((((int32_t)value * factor) >> (shift - 1)) + 1) >> 1;
  if (scaled < -32768) return -32768;
  if (scaled > 32767) return 32767;
  return (int16_t)scaled;
}

#endif
