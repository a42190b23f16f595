#ifndef THIMBLE_FIRST_WINDOW_C
#define THIMBLE_FIRST_WINDOW_C
#include "thimble_kernel.h"

// The first window of `kernel` positions, `stride` apart, that `place` lies in, both counted from
// where window 0 begins.
THIMBLE_KERNEL int first_window(int place, int kernel, int stride) {
  return place < kernel ? 0 : (place - kernel) / stride + 1;
}

#endif
