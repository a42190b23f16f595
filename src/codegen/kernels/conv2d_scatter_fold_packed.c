#include "dot_packed.c"
#include "sum_i8.c"
#include "thimble_kernel.h"

// As conv2d_scatter_fold_i8, of codes [out / lanes][kernel row][kernel column][in] (conv2d_packed).
// specialise: kernel_h kernel_w
THIMBLE_KERNEL void conv2d_scatter_fold_packed(int32_t *state, const int8_t *row0, int in0_pixel,
                                               int y, int x0, int x1, const uint8_t *weight,
                                               const int32_t *tap_bias, int in_c, int out_h,
                                               int out_w, int out_c, int kernel_h, int kernel_w,
                                               int pad_top, int pad_left, int w_low, int w_step) {
  const int pitch = out_w * out_c;
  const int first_row = (y + pad_top) % kernel_h * pitch;
  for (int x = x0; x < x1; ++x) {
    const int32_t low = w_low == 0 ? 0 : w_low * sum_i8(row0, in_c);
    const uint8_t *tap = weight;
    const int32_t *start = tap_bias;
    int row = first_row;
    for (int out_y = y + pad_top; out_y > y + pad_top - kernel_h; --out_y) {
      for (int out_x = x + pad_left; out_x > x + pad_left - kernel_w; --out_x) {
        if (out_y >= 0 && out_y < out_h && out_x >= 0 && out_x < out_w) {
          int32_t *const state_of = state + (row + out_x * out_c);
          const uint8_t *codes = tap;
          for (int c = 0; c < out_c; c += THIMBLE_OUTPUTS) {
            int32_t sums[THIMBLE_OUTPUTS] = {0};
            const int next = c + THIMBLE_LANES < out_c ? kernel_h * kernel_w * in_c : 0;
            dot_packed(row0, codes, next, in_c, sums);
            for (int lane = 0; lane < THIMBLE_OUTPUTS && c + lane < out_c; ++lane) {
              state_of[c + lane] += low + w_step * sums[lane] + THIMBLE_READ_I32(start + c + lane);
            }
            codes += THIMBLE_OUTPUTS / THIMBLE_LANES * (kernel_h * kernel_w * in_c);
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
