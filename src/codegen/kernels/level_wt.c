#ifndef THIMBLE_LEVEL_WT_C
#define THIMBLE_LEVEL_WT_C
#include "thimble_kernel.h"

// As level_packed, of dot_wt's codes.
THIMBLE_KERNEL int level_wt(uint8_t code, int lane) {
  unsigned digits = code * 3u;
  for (; lane > 0; --lane) {
    digits = (digits & 255u) * 3u;
  }
  return (int)(digits >> 8);
}

#endif
