#include "output_i8.c"
#include "thimble_kernel.h"

// Row y of a times row y of b (or the only one): out[x][n] = sum over k of a[x][k] * b[k][n], or of
// a[x][k] * b[n][k] where b is transposed.
// specialise: transposed
THIMBLE_KERNEL void matmul_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                              const int8_t *row1, int in1_pixel, int x0, int x1, int in_c,
                              int out_c, int transposed, int a_zero, int b_zero, int out_zero,
                              const thimble_multiplier *multiplier, const int8_t *shift) {
  const int next_n = transposed ? in1_pixel : 1;
  const int next_k = transposed ? 1 : in1_pixel;
  for (int x = x0; x < x1; ++x) {
    for (int n = 0; n < out_c; ++n) {
      const int8_t *a = row0;
      const int8_t *b = row1 + n * next_n;
      int32_t sum = 0;
      for (int k = 0; k < in_c; ++k) {
        sum += (int32_t)(*a - a_zero) * (*b - b_zero);
        ++a;
        b += next_k;
      }
      out[n] = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier), THIMBLE_READ_I8(shift), out_zero,
                         -128, 127);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
