#ifndef THIMBLE_ADD_ROWS_I8_C
#define THIMBLE_ADD_ROWS_I8_C
#include "dot_i8.c"
#include "thimble_kernel.h"

// Adds to the sums of `outputs` those of weight * value over `runs` > 0 times `count` > 0
// neighbours, the runs of values `pitch` apart, those of weights `next_run`, an output's weights
// `next_output`.
THIMBLE_KERNEL void add_rows_i8(const int8_t *values, int pitch, const int8_t *weight, int next_run,
                                int next_output, int outputs, int count, int runs, int32_t *sums) {
  for (; outputs > 0; --outputs) {
    for (int run = 0; run < runs; ++run)
      *sums += dot_i8(values + run * pitch, weight + run * next_run, count);
    ++sums;
    weight += next_output;
  }
}

#endif
