#include "reduce_start_i8.c"
#include "thimble_kernel.h"

// Starts what is combined of rows that arrive one by one: one int32_t an output element.
// specialise: kind
THIMBLE_KERNEL void reduce_begin_i8(int32_t *state, int kind, int out_w, int out_c) {
  for (int i = 0; i < out_w * out_c; ++i) {
    state[i] = reduce_start_i8(kind);
  }
}
