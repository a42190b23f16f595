#ifndef THIMBLE_BLOCK_OF_C
#define THIMBLE_BLOCK_OF_C
#include "thimble_kernel.h"

// How many of the outputs that are left make the next block: four, or three where that leaves no
// block of one or two.
THIMBLE_KERNEL int block_of(int left) {
  if (left == 6 || left == 9) return 3;
  return left < 4 ? left : 4;
}

#endif
