#ifndef THIMBLE_BLOCK_I8_C
#define THIMBLE_BLOCK_I8_C
#include "dot_i8.c"
#include "dots_i8.c"
#include "thimble_kernel.h"

// Adds to `outputs` of four sums (block_of) what dots_i8 says.
THIMBLE_KERNEL void block_i8(const int8_t *values, int pitch, const int8_t *weight, int next_run,
                             int next_output, int outputs, int count, int runs, int32_t *sums) {
  if (outputs > 2) {
    dots_i8(values, pitch, weight, next_run, next_output, outputs, count, runs, sums);
    return;
  }
  for (; runs > 0; --runs) {
    for (int k = 0; k < outputs; ++k) sums[k] += dot_i8(values, weight + k * next_output, count);
    values += pitch;
    weight += next_run;
  }
}

#endif
