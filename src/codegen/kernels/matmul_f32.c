#include "thimble_kernel.h"

// Row y of a times row y of b (or the only one): out[x][n] = sum over k of a[x][k] * b[k][n], or of
// a[x][k] * b[n][k] where b is transposed.
// specialise: transposed
THIMBLE_KERNEL void matmul_f32(float *out, int out_pixel, const float *row0, int in0_pixel,
                               const float *row1, int in1_pixel, int x0, int x1, int in_c,
                               int out_c, int transposed) {
  const int next_n = transposed ? in1_pixel : 1;
  const int next_k = transposed ? 1 : in1_pixel;
  for (int x = x0; x < x1; ++x) {
    for (int n = 0; n < out_c; ++n) {
      const float *a = row0;
      const float *b = row1 + n * next_n;
      float sum = 0.0f;
      for (int k = 0; k < in_c; ++k) {
        sum += *a * *b;
        ++a;
        b += next_k;
      }
      out[n] = sum;
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
