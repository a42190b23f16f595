#include "dot_sparse.c"
#include "output_i8.c"
#include "thimble_kernel.h"

// As linear_i8 of one output pixel, of one stream of sparse weights [out][in] (dot_sparse), each
// w_step times what the stream says.
THIMBLE_KERNEL void linear_sparse(int8_t *out, const int8_t *in0, const uint8_t *weight,
                                  const int32_t *full_bias, const thimble_multiplier *multiplier,
                                  const int8_t *shift, int out_zero, int act_min, int act_max,
                                  int in_count, int out_w, int out_c, int w_step) {
  int left = 0;
  for (int o = 0; o < out_w * out_c; ++o) {
    const int32_t sum = dot_sparse(in0, -1, in_count, &weight, &left);
    out[o] = output_i8(THIMBLE_READ_I32(full_bias + o) + w_step * sum,
                       THIMBLE_READ_MULTIPLIER(multiplier + o), THIMBLE_READ_I8(shift + o),
                       out_zero, act_min, act_max);
  }
}
