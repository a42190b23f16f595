#ifndef THIMBLE_FIRST_TAP_C
#define THIMBLE_FIRST_TAP_C
#include "thimble_kernel.h"

// The first tap of a window that does not lie before the input; `start`: where tap 0 lies.
THIMBLE_KERNEL int first_tap(int start, int dilation) {
  return start < 0 ? (dilation - 1 - start) / dilation : 0;
}

#endif
