#include "thimble_kernel.h"
#include "vector_i8.c"
#include "widen_vector_i8.c"

// As linear_vector_i8, of a multiple of four outputs whose sums become int8 where they are made, by
// `ends` [output][bias, multiplier] (line_i8).
THIMBLE_KERNEL void linear_vector_ends_i8(int8_t *out, int out_pixel, const int8_t *in0,
                                          int32_t *work, int y, int x0, int x1,
                                          const int32_t *weight, const int32_t *ends,
                                          int32_t out_zero, int in_count, int out_w, int out_c) {
  int o = (y * out_w + x0) * out_c;
  widen_vector_i8((int16_t *)work, in0, in_count / 4);
  for (int x = x0; x < x1; ++x) {
    vector_i8((const int16_t *)work, weight + o / 4 * in_count, in_count / 8, out_c, 0,
              ends + 2 * o, out, out_zero);
    o += out_c;
    out += out_pixel;
  }
}
