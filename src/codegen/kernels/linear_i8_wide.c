#include "dot_rows_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Fully connected, up to 32 outputs at a time: output element o of the flat output is the dot
// product of all of the input with weight row o. The input's zero point is in the biases.
THIMBLE_KERNEL void linear_i8(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0, int x1,
                              const int8_t *weight, const int32_t *full_bias,
                              const thimble_multiplier *multiplier, const int8_t *shift,
                              int out_zero, int act_min, int act_max, int in_count, int out_w,
                              int out_c) {
  int o = (y * out_w + x0) * out_c;
  const int8_t *w = weight + o * in_count;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      dot_rows_i8(in0, w, in_count, outputs, sums);
      w += outputs * in_count;
      outputs_i8(out + c, sums, outputs, full_bias + o, multiplier + o, shift + o, out_zero,
                 act_min, act_max);
      o += outputs;
    }
    out += out_pixel;
  }
}
