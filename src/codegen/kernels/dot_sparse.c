#ifndef THIMBLE_DOT_SPARSE_C
#define THIMBLE_DOT_SPARSE_C
#include "thimble_kernel.h"

// Sum of weight * value over the next `count` weights of a stream: here of two bytes each, the
// weight and how many zeros follow. `mask` 0 stands for one value for all of them, -1 for
// neighbours. `codes` is where the stream is, `left` how many weights come before the next said one
// (0 at its start); both are moved on.
THIMBLE_KERNEL THIMBLE_NOINLINE int32_t dot_sparse(const int8_t *values, int mask, int count,
                                                   const uint8_t **codes, int *left) {
  const uint8_t *code = *codes;
  int at = *left;
  int32_t sum = 0;
  while (at < count) {
    const int8_t weight = (int8_t)THIMBLE_READ_U8(code);
    sum += weight * values[at & mask];
    THIMBLE_STEP(code);
    at += 1 + THIMBLE_READ_U8(code);
    THIMBLE_STEP(code);
  }
  *codes = code;
  *left = at - count;
  return sum;
}

#endif
