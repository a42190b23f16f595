#include "add_offset.c"
#include "thimble_kernel.h"

// As conv2d_scatter_fold_i8, of weights plus 128: the sums of all taps, [kernel row][kernel column]
// [out], are the outputs that lie in blocks of four (ops/offset_weights.h).
// specialise: kernel_h kernel_w
THIMBLE_KERNEL void conv2d_scatter_fold_offset(int32_t *state, const int8_t *row0, int in0_pixel,
                                               int y, int x0, int x1, const uint8_t *weight,
                                               int in_c, int out_h, int out_w, int out_c,
                                               int kernel_h, int kernel_w, int pad_top,
                                               int pad_left) {
  const int pitch = out_w * out_c;
  int slot = y + pad_top; /* modulo kernel_h, where dividing is dear */
  while (slot >= 8 * kernel_h) slot -= 8 * kernel_h;
  while (slot >= kernel_h) slot -= kernel_h;
  const int first_row = slot * pitch;
  for (int x = x0; x < x1; ++x) {
    int32_t *places[12];
    int32_t **place = places;
    int row = first_row;
    for (int out_y = y + pad_top; out_y > y + pad_top - kernel_h; --out_y) {
      const int is_row = out_y >= 0 && out_y < out_h;
      int32_t *sum = state + (row + (x + pad_left) * out_c);
      for (int out_x = x + pad_left; out_x > x + pad_left - kernel_w; --out_x) {
        const int is_inside = is_row && out_x >= 0 && out_x < out_w;
        for (int c = 0; c < out_c; ++c) {
          *place = is_inside ? sum + c : 0;
          ++place;
        }
        sum -= out_c;
      }
      row = row == 0 ? (kernel_h - 1) * pitch : row - pitch;
    }
    add_offset(row0, in_c, weight, kernel_h * kernel_w * out_c, places);
    row0 += in0_pixel;
  }
}
