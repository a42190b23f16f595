#include "output_i8.c"
#include "thimble_kernel.h"

// Turns what has been combined of all rows into outputs.
THIMBLE_KERNEL void reduce_narrow_end_i8(int8_t *out, int out_pixel, const int16_t *state, int x0,
                                         int x1, int out_c, int out_zero,
                                         const thimble_multiplier *multiplier,
                                         const int8_t *shift) {
  state += x0 * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = output_i8(state[c], THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift),
                         out_zero, -128, 127);
    }
    state += out_c;
    out += out_pixel;
  }
}
