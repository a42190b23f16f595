#ifndef THIMBLE_TILE_I8_C
#define THIMBLE_TILE_I8_C
#include "block_i8.c"
#include "thimble_kernel.h"

// block_i8 of `pixels` > 0 at once, whose values are `step` apart; of each the sums are the next
// four.
THIMBLE_KERNEL void tile_i8(const int8_t *values, int pitch, int step, int pixels,
                            const int8_t *weight, int next_run, int next_output, int outputs,
                            int count, int runs, int32_t *sums) {
  do {
    block_i8(values, pitch, weight, next_run, next_output, outputs, count, runs, sums);
    values += step;
    sums += 4;
  } while (--pixels > 0);
}

#endif
