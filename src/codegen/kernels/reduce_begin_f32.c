#include "reduce_start_f32.c"
#include "thimble_kernel.h"

// Starts what is combined of rows that arrive one by one: one float an output element.
// specialise: kind
THIMBLE_KERNEL void reduce_begin_f32(float *state, int kind, int out_w, int out_c) {
  for (int i = 0; i < out_w * out_c; ++i) {
    state[i] = reduce_start_f32(kind);
  }
}
