#ifndef THIMBLE_END_TAP_C
#define THIMBLE_END_TAP_C
#include "thimble_kernel.h"

// The first of a window's `kernel` taps that lies behind an input of `size`; `start`: where tap 0
// lies.
THIMBLE_KERNEL int end_tap(int start, int size, int kernel, int dilation) {
  const int inside = start < size ? (size - start + dilation - 1) / dilation : 0;
  return inside < kernel ? inside : kernel;
}

#endif
