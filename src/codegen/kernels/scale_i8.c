#ifndef THIMBLE_SCALE_I8_C
#define THIMBLE_SCALE_I8_C
#include "scale_i16.c"
#include "thimble_kernel.h"

// The int8 with this zero point of value * factor / 2^shift (scale_i16).
THIMBLE_KERNEL THIMBLE_NOINLINE int8_t scale_i8(int value, int factor, int shift, int zero) {
  const int16_t scaled = scale_i16(value, factor, shift);
  if (scaled < -128 - zero) return -128;
  if (scaled > 127 - zero) return 127;
  return (int8_t)(scaled + zero);
}

#endif
