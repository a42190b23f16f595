#include "outputs_i8.c"
#include "thimble_kernel.h"
#include "vector_i8.c"
#include "widen_vector_i8.c"

// As linear_i8, of an input of whole eights that is written to `work` as halfwords; weights in
// pairs [4 outputs][4 inputs][even, odd][2 outputs][2 inputs] (vector_i8). A call begins with one
// of the fours.
THIMBLE_KERNEL void linear_vector_i8(int8_t *out, int out_pixel, const int8_t *in0, int32_t *work,
                                     int y, int x0, int x1, const int32_t *weight,
                                     const int32_t *full_bias, const thimble_multiplier *multiplier,
                                     const int8_t *shift, int out_zero, int act_min, int act_max,
                                     int in_count, int out_w, int out_c) {
  int o = (y * out_w + x0) * out_c;
  widen_vector_i8((int16_t *)work, in0, in_count / 4);
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; c += 32) {
      const int outputs = out_c - c < 32 ? out_c - c : 32;
      int32_t sums[32];
      vector_i8((const int16_t *)work, weight + o / 4 * in_count, in_count / 8, outputs, sums, 0, 0,
                0);
      outputs_i8(out + c, sums, outputs, full_bias + o, multiplier + o, shift + o, out_zero,
                 act_min, act_max);
      o += outputs;
    }
    out += out_pixel;
  }
}
