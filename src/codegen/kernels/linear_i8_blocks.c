#include "block_i8.c"
#include "block_of.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Fully connected, four outputs at a time: output element o of the flat output is the dot product
// of all of the input with weight row o. The input's zero point is in the biases.
THIMBLE_KERNEL void linear_i8(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int out_zero, int act_min, int act_max, int in_count, int out_w,
                              int out_c) {
  int o = (y * out_w + x0) * out_c;
  const int8_t *w = weight + o * in_count;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c;) {
      const int outputs = block_of(out_c - c);
      int32_t sums[4] = {0};
      block_i8(in0, 0, w, 0, in_count, outputs, in_count, 1, sums);
      w += outputs * in_count;
      outputs_i8(out + c, sums, outputs, full_bias + o, multiplier + o, shift + o, out_zero,
                 act_min, act_max);
      c += outputs;
      o += outputs;
    }
    out += out_pixel;
  }
}
