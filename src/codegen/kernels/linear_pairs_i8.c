#include "eights_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// As linear_i8, eight outputs at a time, of an input of whole fours; weights in pairs [8 outputs][4
// inputs][even, odd][2 outputs][2 inputs] (eights_i8). A call begins with one of the eights.
THIMBLE_KERNEL void linear_pairs_i8(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0,
                                    int x1, const int32_t *weight, const int32_t *full_bias,
                                    const thimble_multiplier *multiplier, const int8_t *shift,
                                    int out_zero, int act_min, int act_max, int in_count, int out_w,
                                    int out_c) {
  int o = (y * out_w + x0) * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      eights_i8(in0, weight + o / 4 * in_count, in_count / 4, outputs, sums);
      outputs_i8(out + c, sums, outputs, full_bias + o, multiplier + o, shift + o, out_zero,
                 act_min, act_max);
      o += outputs;
    }
    out += out_pixel;
  }
}
