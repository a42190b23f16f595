#include "fold_c8.c"
#include "thimble_kernel.h"

// As conv2d_scatter_fold_i8, of weights as instructions (ops/offset_weights.h): of each kernel row
// those of the sums that it adds to, which lie side by side. At a border they are made apart, and
// those inside copied.
// specialise: kernel_h kernel_w
THIMBLE_KERNEL void conv2d_scatter_fold_c8(int32_t *state, const int8_t *row0, int in0_pixel, int y,
                                           int x0, int x1, const uint16_t *weight, int in_c,
                                           int out_h, int out_w, int out_c, int kernel_h,
                                           int kernel_w, int pad_top, int pad_left) {
  const int pitch = out_w * out_c;
  int slot = y + pad_top; /* modulo kernel_h, where dividing is dear */
  while (slot >= 8 * kernel_h) slot -= 8 * kernel_h;
  while (slot >= kernel_h) slot -= kernel_h;
  const int first_row = slot * pitch;
  for (int x = x0; x < x1; ++x) {
    const int left = x + pad_left + 1 - kernel_w;
    const int first = left < 0 ? -left * out_c : 0;
    const int last = (left + kernel_w > out_w ? out_w - left : kernel_w) * out_c;
    const int is_inside = last - first == kernel_w * out_c;
    const uint16_t *taps = weight;
    int32_t edge[6];
    for (int i = 0; !is_inside && i < kernel_w * out_c; ++i) edge[i] = 0;
    int32_t *sums = state + (first_row + left * out_c);
    int rows_above = slot;
    for (int out_y = y + pad_top; out_y > y + pad_top - kernel_h; --out_y) {
      if (out_y >= 0 && out_y < out_h) {
        for (int i = first; !is_inside && i < last; ++i) edge[i] = sums[i];
        fold_c8(is_inside ? sums : edge, kernel_w * out_c, row0, in_c, taps);
        for (int i = first; !is_inside && i < last; ++i) sums[i] = edge[i];
      }
      taps += in_c * (3 + 5 * kernel_w * out_c) + 3;
      sums -= pitch;
      --rows_above;
      if (rows_above == -1) sums += kernel_h * pitch;
    }
    row0 += in0_pixel;
  }
}
