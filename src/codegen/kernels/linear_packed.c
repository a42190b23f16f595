#include "dot_packed.c"
#include "output_i8.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// As linear_i8, of codes [out / lanes][in] of neighbouring outputs (conv2d_packed).
THIMBLE_KERNEL void linear_packed(int8_t *out, int out_pixel, const int8_t *in0, int y, int x0,
                                  int x1, const uint8_t *weight, const int32_t *full_bias,
                                  const thimble_multiplier *multiplier, const int8_t *shift,
                                  int out_zero, int act_min, int act_max, int in_count, int out_w,
                                  int out_c, int w_low, int w_step) {
  const int first = (y * out_w + x0) * out_c;
  const int end = first + (x1 - x0) * out_c;
  const int32_t low = w_low == 0 ? 0 : w_low * sum_i8(in0, in_count);
  const uint8_t *codes = weight + first / THIMBLE_LANES * in_count;
  int lane = first % THIMBLE_LANES;
  int c = 0;
  for (int o = first; o < end;) {
    int32_t sums[THIMBLE_OUTPUTS] = {0};
    const int pitch = o - lane + THIMBLE_LANES < end ? in_count : 0;
    dot_packed(in0, codes, pitch, in_count, sums);
    for (; lane < THIMBLE_OUTPUTS && o < end; ++lane) {
      out[c] = output_i8(THIMBLE_READ_I32(full_bias + o) + low + w_step * sums[lane],
                         THIMBLE_READ_MULTIPLIER(multiplier + o), THIMBLE_READ_I8(shift + o),
                         out_zero, act_min, act_max);
      ++o;
      ++c;
      if (c == out_c) {
        c = 0;
        out += out_pixel;
      }
    }
    lane = 0;
    codes += THIMBLE_OUTPUTS / THIMBLE_LANES * in_count;
  }
}
