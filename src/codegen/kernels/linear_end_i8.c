#include "output_i8.c"
#include "thimble_kernel.h"

// Turns finished sums into outputs; they are numbered as in linear_i8.
THIMBLE_KERNEL void linear_end_i8(int8_t *out, int out_pixel, const int32_t *state, int y, int x0,
                                  int x1, const thimble_multiplier *multiplier, const int8_t *shift,
                                  int out_zero, int act_min, int act_max, int out_w, int out_c) {
  int o = (y * out_w + x0) * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      out[c] = output_i8(state[o], THIMBLE_READ_MULTIPLIER(multiplier + o),
                         THIMBLE_READ_I8(shift + o), out_zero, act_min, act_max);
      ++o;
    }
    out += out_pixel;
  }
}
