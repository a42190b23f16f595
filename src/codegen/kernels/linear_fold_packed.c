#include "dot_packed.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// As linear_fold_i8, of codes [out / lanes][in] of neighbouring outputs (conv2d_packed).
THIMBLE_KERNEL void linear_fold_packed(int32_t *state, const int8_t *row0, int y, int x0, int x1,
                                       const uint8_t *weight, int in_c, int in_row_count,
                                       int in_count, int out_count, int w_low, int w_step) {
  const uint8_t *codes = weight + (y * in_row_count + x0 * in_c);
  const int count = (x1 - x0) * in_c;
  const int32_t low = w_low == 0 ? 0 : w_low * sum_i8(row0, count);
  for (int o = 0; o < out_count; o += THIMBLE_OUTPUTS) {
    int32_t sums[THIMBLE_OUTPUTS] = {0};
    const int pitch = o + THIMBLE_LANES < out_count ? in_count : 0;
    dot_packed(row0, codes, pitch, count, sums);
    for (int lane = 0; lane < THIMBLE_OUTPUTS && o + lane < out_count; ++lane) {
      state[o + lane] += low + w_step * sums[lane];
    }
    codes += THIMBLE_OUTPUTS / THIMBLE_LANES * in_count;
  }
}
