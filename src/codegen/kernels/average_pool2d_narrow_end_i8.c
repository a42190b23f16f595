#include "thimble_kernel.h"

// Divides the sums of all rows by the number of elements; halves are rounded away from zero.
THIMBLE_KERNEL void average_pool2d_narrow_end_i8(int8_t *out, int out_pixel, const int16_t *state,
                                                 int x0, int x1, int out_c, int divisor) {
  const int half = divisor / 2;
  state += x0 * out_c;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const int32_t sum = state[c];
      const int32_t mean = (sum + (sum < 0 ? -half : half)) / divisor;
      out[c] = (int8_t)(mean < -128 ? -128 : mean > 127 ? 127 : mean);
    }
    state += out_c;
    out += out_pixel;
  }
}
