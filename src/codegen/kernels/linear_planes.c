#include "add_planes.c"
#include "fill_planes.c"
#include "output_i8.c"
#include "thimble_kernel.h"

// As linear_i8, of weights w_low + w_step * level: codes [16 inputs][out][bit of the level], each a
// bit an input. A sum of level * a is made of sums of those a whose bits are set, which lie in
// tables, made once for THIMBLE_OUTPUTS outputs.
THIMBLE_KERNEL void linear_planes(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0,
                                  int x1, const int16_t *weight, const int32_t *full_bias,
                                  const thimble_multiplier *multiplier, const int8_t *shift,
                                  int out_zero, int act_min, int act_max, int in_count, int out_w,
                                  int out_c, int out_count, int w_low, int w_step) {
  int o = (y * out_w + x0) * out_c;
  const int end = o + (x1 - x0) * out_c;
  int c = 0;
  while (o < end) {
    int16_t table[64];
    int32_t sums[THIMBLE_OUTPUTS];
    int32_t all = 0;
    const int outputs = end - o < THIMBLE_OUTPUTS ? end - o : THIMBLE_OUTPUTS;
    const int16_t *codes = weight + o * THIMBLE_BITS;
    for (int i = 0; i < outputs; ++i) {
      sums[i] = 0;
    }
    for (int i = 0; i < in_count; i += 16) {
      all += fill_planes(in0 + i, in_count - i, table);
      add_planes(table, codes, outputs, sums);
      codes += out_count * THIMBLE_BITS;
    }
    const int32_t low = w_low * all;
    for (int i = 0; i < outputs; ++i) {
      out[c] = output_i8(THIMBLE_READ_I32(full_bias + o) + low + w_step * sums[i],
                         THIMBLE_READ_MULTIPLIER(multiplier + o), THIMBLE_READ_I8(shift + o),
                         out_zero, act_min, act_max);
      ++o;
      ++c;
      if (c == out_c) {
        c = 0;
        out += out_pixel;
      }
    }
  }
}
