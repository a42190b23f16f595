#include "dot_zero_i8.c"
#include "thimble_kernel.h"

// Convolution of stride 1 seen from its input: pixels [x0, x1) of row y are added to every sum
// whose window they lie in. Sums of output row r are in row r % kernel_h of `state`. Weights as in
// conv2d_i8.
// specialise: kernel_h kernel_w
THIMBLE_KERNEL void conv2d_scatter_fold_i8(int32_t *state, const int8_t *row0, int in0_pixel, int y,
                                           int x0, int x1, const int8_t *weight, int in_zero,
                                           int in_c, int out_h, int out_w, int out_c, int kernel_h,
                                           int kernel_w, int pad_top, int pad_left) {
  for (int x = x0; x < x1; ++x) {
    for (int ky = 0; ky < kernel_h; ++ky) {
      const int out_y = y + pad_top - ky;
      if (out_y < 0 || out_y >= out_h) continue;
      int32_t *const sums = state + out_y % kernel_h * (out_w * out_c);
      for (int kx = 0; kx < kernel_w; ++kx) {
        const int out_x = x + pad_left - kx;
        if (out_x < 0 || out_x >= out_w) continue;
        const int8_t *w = weight + (ky * kernel_w + kx) * in_c;
        for (int c = 0; c < out_c; ++c) {
          sums[out_x * out_c + c] += dot_zero_i8(row0, w, in_c, in_zero);
          w += kernel_h * kernel_w * in_c;
        }
      }
    }
    row0 += in0_pixel;
  }
}
