#include "dot_i8.c"
#include "output_i8.c"
#include "sum_outside_i8.c"
#include "thimble_kernel.h"

// Transposed convolution, gathered: output (y, x) sums the taps (ky, kx) for which
// ((y + pad_top - ky) / stride_h, (x + pad_left - kx) / stride_w) is an input pixel. Those are
// every stride-th tap, from a first one, the phase, that depends on the position modulo the stride,
// while the input's index falls by one: for each pair of phases a convolution of its own. The
// weights [out][row phase][column phase][tap row][tap column][in] have their taps in the order of
// the input's pixels; of the phases of an axis, the first kernel % stride have one tap more than
// the others. All else as in conv2d_i8.
//
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv_transpose2d_i8(
    int8_t *out, int out_pixel, const int8_t *in0, int in0_slots, int in0_row, int in0_pixel,
    int in0_top, int y, int x0, int x1, const int8_t *weight, const int32_t *full_bias,
    const thimble_multiplier *multiplier, const int8_t *shift, int in_zero, int out_zero,
    int act_min, int act_max, int in_h, int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
    int stride_h, int stride_w, int pad_top, int pad_left) {
  const int last_row = (y + pad_top) / stride_h;
  const int phase_y = (y + pad_top) % stride_h;
  const int more_y = kernel_h % stride_h, more_x = kernel_w % stride_w;
  const int taps_y = kernel_h / stride_h + (phase_y < more_y ? 1 : 0);
  const int top = last_row + 1 - taps_y;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < taps_y ? in_h - top : taps_y;
  const int ky_before = phase_y * (kernel_h / stride_h) + (phase_y < more_y ? phase_y : more_y);
  const int ring = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  int last_column = (x0 + pad_left) / stride_w;
  int phase_x = (x0 + pad_left) % stride_w;
  for (int columns = x1 - x0; columns > 0; --columns) {
    const int taps_x = kernel_w / stride_w + (phase_x < more_x ? 1 : 0);
    const int left = last_column + 1 - taps_x;
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < taps_x ? in_w - left : taps_x;
    const int kx_before = phase_x * (kernel_w / stride_w) + (phase_x < more_x ? phase_x : more_x);
    const int kernel_row = taps_x * in_c;
    const int taps = (kx1 - kx0) * in_c;
    const int rows = taps > 0 ? ky1 - ky0 : 0;
    const int run = in0_pixel == in_c ? taps : in_c;
    const int is_inside = rows == taps_y && taps == kernel_row;
    const int column = (left + kx0) * in0_pixel;
    const int32_t *const start = full_bias + (phase_y * stride_w + phase_x) * out_c;
    const int before = ky0 * kernel_row + kx0 * in_c;
    const int8_t *inside = weight + ((ky_before * kernel_w + taps_y * kx_before) * in_c + before);
    for (int c = 0; c < out_c; ++c) {
      int32_t sum = THIMBLE_READ_I32(start + c);
      if (!is_inside) {
        const int8_t *const filter = inside - before;
        sum += in_zero *
               sum_outside_i8(filter, filter + taps_y * kernel_row, inside, taps, kernel_row, rows);
      }
      const int8_t *w = inside;
      int row = in0_top;
      int next_row = second_row;
      for (int ky = 0; ky < rows; ++ky) {
        const int8_t *a = in0 + (row + column);
        const int8_t *const w_end = w + taps;
        const int8_t *w_tap = w;
        do {
          sum += dot_i8(a, w_tap, run);
          w_tap += run;
          a += in0_pixel;
        } while (w_tap != w_end);
        w += kernel_row;
        row = next_row;
        next_row += in0_row;
        if (next_row == ring) next_row = 0;
      }
      *out = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                       out_zero, act_min, act_max);
      ++out;
      inside += kernel_h * kernel_w * in_c;
    }
    out += out_pixel - out_c;
    ++phase_x;
    if (phase_x == stride_w) {
      phase_x = 0;
      ++last_column;
    }
  }
}
