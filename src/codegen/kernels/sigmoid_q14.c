#ifndef THIMBLE_SIGMOID_Q14_C
#define THIMBLE_SIGMOID_Q14_C
#include "thimble_kernel.h"

// sigmoid(x / 2^10) * 2^14: a straight line between entries of the table, which has sigmoid(i / 8)
// for i = 0..64; from 8 on its last one, below 0 one minus sigmoid(-x).
THIMBLE_KERNEL THIMBLE_NOINLINE int16_t sigmoid_q14(int16_t x, const int16_t *sigmoid) {
  const uint16_t size = (uint16_t)(x < 0 ? 0u - (uint16_t)x : (uint16_t)x);
  const uint16_t at = size >> 7;
  int16_t value;
  if (at < 64u) {
    const int16_t low = THIMBLE_READ_I16(sigmoid + at);
    const int16_t step = (int16_t)(THIMBLE_READ_I16(sigmoid + at + 1) - low);
    value = (int16_t)(low + (int16_t)(((int32_t)step * (int16_t)(size & 127u) + 64) >> 7));
  } else {
    value = THIMBLE_READ_I16(sigmoid + 64);
  }
  return x < 0 ? (int16_t)(16384 - value) : value;
}

#endif
