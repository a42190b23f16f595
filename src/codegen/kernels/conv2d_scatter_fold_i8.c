#include "dot_i8.c"
#include "thimble_kernel.h"

// Convolution of stride 1 seen from its input: pixels [x0, x1) of row y are added to every sum
// whose window they lie in. Sums of output row r are in row r % kernel_h of `state`. Weights as in
// conv2d_i8; `tap_bias` [kernel row][kernel column][out] takes off the input's zero point.
// specialise: kernel_h kernel_w
THIMBLE_KERNEL void conv2d_scatter_fold_i8(int32_t *state, const int8_t *row0, int in0_pixel, int y,
                                           int x0, int x1, const int8_t *weight,
                                           const int32_t *tap_bias, int in_c, int out_h, int out_w,
                                           int out_c, int kernel_h, int kernel_w, int pad_top,
                                           int pad_left) {
  const int pitch = out_w * out_c;
  const int first_row = (y + pad_top) % kernel_h * pitch;
  for (int x = x0; x < x1; ++x) {
    const int8_t *tap = weight;
    const int32_t *start = tap_bias;
    int row = first_row;
    for (int out_y = y + pad_top; out_y > y + pad_top - kernel_h; --out_y) {
      for (int out_x = x + pad_left; out_x > x + pad_left - kernel_w; --out_x) {
        if (out_y >= 0 && out_y < out_h && out_x >= 0 && out_x < out_w) {
          int32_t *const sum = state + (row + out_x * out_c);
          for (int c = 0; c < out_c; ++c) {
            const int8_t *const w = tap + c * (kernel_h * kernel_w * in_c);
            sum[c] += dot_i8(row0, w, in_c) + THIMBLE_READ_I32(start + c);
          }
        }
        tap += in_c;
        start += out_c;
      }
      row = row == 0 ? (kernel_h - 1) * pitch : row - pitch;
    }
    row0 += in0_pixel;
  }
}
