#ifndef THIMBLE_OFFSET_OUTPUT_C
#define THIMBLE_OFFSET_OUTPUT_C
#include "thimble_kernel.h"

// An output of a sum of weights and inputs without signs, by its six bytes of `ends`
// (ops/offset_weights.h).
THIMBLE_KERNEL int8_t offset_output(int32_t sum, const uint8_t *ends, int out_zero, int act_min,
                                    int act_max) {
  sum += THIMBLE_READ_U8(ends) + ((int32_t)THIMBLE_READ_U8(ends + 1) << 8);
  sum += (int32_t)(int8_t)THIMBLE_READ_U8(ends + 2) * 65536;
  const int32_t factor = THIMBLE_READ_U8(ends + 3) + ((int32_t)THIMBLE_READ_U8(ends + 4) << 8);
  int shift = 7 + (int8_t)THIMBLE_READ_U8(ends + 5);
  if (shift < 0) {  // the result lies lower; that of 1,023 is beyond int8
    sum = (sum > 1023 ? 1023 : sum < -1024 ? -1024 : sum) * (1 << -shift);
    shift = 0;
  }
  const uint32_t low = (uint32_t)(sum & 0xFFFF) * (uint32_t)factor;
  const int32_t product = (sum >> 16) * factor + (int32_t)(low >> 16);
  const int32_t value = (((product >> shift) + 1) >> 1) + out_zero;
  return (int8_t)(value < act_min ? act_min : value > act_max ? act_max : value);
}

#endif
