#include "output_i8.c"
#include "reduce_run_i8.c"
#include "reduce_start_i8.c"
#include "thimble_kernel.h"

// Each output element combines run_w columns or one, run_c channels or one, of its own row.
// specialise: kind
THIMBLE_KERNEL void reduce_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel, int x0,
                              int x1, int kind, int run_w, int run_c, int out_c, int in_zero,
                              int out_zero, const thimble_multiplier *multiplier,
                              const int8_t *shift) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const int32_t sum =
          reduce_run_i8(reduce_start_i8(kind), row0 + c, in0_pixel, kind, run_w, run_c, in_zero);
      out[c] = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift), out_zero,
                         -128, 127);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
