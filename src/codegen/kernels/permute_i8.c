#include "thimble_kernel.h"

// Axis i of the output is axis perm_i of the input (0 rows, 1 columns, 2 channels).
THIMBLE_KERNEL void permute_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_row,
                               int in0_pixel, int y, int x0, int x1, int rows, int cols,
                               int channels, int perm0, int perm1, int perm2) {
  const int step0 = perm0 == 0 ? in0_row : perm0 == 1 ? in0_pixel : 1;
  const int step1 = perm1 == 0 ? in0_row : perm1 == 1 ? in0_pixel : 1;
  const int step2 = perm2 == 0 ? in0_row : perm2 == 1 ? in0_pixel : 1;
  const int count = perm2 == 0 ? rows : perm2 == 1 ? cols : channels;
  const int8_t *pixel = in0 + y * step0 + x0 * step1;
  for (int x = x0; x < x1; ++x) {
    const int8_t *a = pixel;
    for (int c = 0; c < count; ++c) {
      out[c] = *a;
      a += step2;
    }
    out += out_pixel;
    pixel += step1;
  }
}
