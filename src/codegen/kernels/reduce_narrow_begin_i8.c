#include "reduce_start_i8.c"
#include "thimble_kernel.h"

// Starts what is combined of rows that arrive one by one: one int16_t an output element.
// specialise: kind
THIMBLE_KERNEL void reduce_narrow_begin_i8(int16_t *state, int kind, int out_w, int out_c) {
  for (int i = 0; i < out_w * out_c; ++i) {
    state[i] = (int16_t)reduce_start_i8(kind);
  }
}
