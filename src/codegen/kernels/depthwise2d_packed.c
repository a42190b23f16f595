#include "dot_strided_packed.c"
#include "end_tap.c"
#include "first_tap.c"
#include "output_i8.c"
#include "thimble_kernel.h"

// As depthwise2d_i8, of codes [out / lanes][kernel row][kernel column] (conv2d_packed): as each
// output channel has an input channel of its own, they are read a lane at a time.
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void depthwise2d_packed(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                       int in0_row, int in0_pixel, int in0_top, int y, int x0,
                                       int x1, const uint8_t *weight, const int32_t *bias,
                                       const thimble_multiplier *multiplier, const int8_t *shift,
                                       int in_zero, int out_zero, int act_min, int act_max,
                                       int in_h, int in_w, int in_c, int out_c, int kernel_h,
                                       int kernel_w, int stride_h, int stride_w, int pad_top,
                                       int pad_left, int dilation_h, int dilation_w, int w_low,
                                       int w_step) {
  const int top = y * stride_h - pad_top;
  const int ky0 = first_tap(top, dilation_h);
  const int ky1 = end_tap(top, in_h, kernel_h, dilation_h);
  // Only where taps are neighbours is the first one in the window's first row.
  const int at_first = (top + ky0 * dilation_h) % in0_slots * in0_row;
  const int first_row = dilation_h == 1 ? in0_top : at_first;
  const int second_row = (top + (ky0 + 1) * dilation_h) % in0_slots * in0_row;
  const int row_step = dilation_h % in0_slots * in0_row;
  const int ring_end = in0_slots * in0_row;
  const int step = dilation_w * in0_pixel;
  const int outputs = out_c / in_c;
  const uint8_t *filter = weight + ky0 * kernel_w;
  int lane = 0;
  for (int c = 0; c < out_c; ++c) {
    const int8_t *channel = in0 + c / outputs;
    int8_t *pixel = out + c;
    int left = x0 * stride_w - pad_left;
    for (int x = x0; x < x1; ++x) {
      const int kx0 = first_tap(left, dilation_w);
      const int kx1 = end_tap(left, in_w, kernel_w, dilation_w);
      const int column = (left + kx0 * dilation_w) * in0_pixel;
      const uint8_t *w = filter + kx0;
      int32_t sum = THIMBLE_READ_I32(bias + c);
      int row = first_row;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        sum += dot_strided_packed(channel + (row + column), step, w, lane, kx1 - kx0, in_zero,
                                  w_low, w_step);
        w += kernel_w;
        row = next_row;
        next_row += row_step;
        if (next_row >= ring_end) next_row -= ring_end;
      }
      *pixel = output_i8(sum, THIMBLE_READ_MULTIPLIER(multiplier + c), THIMBLE_READ_I8(shift + c),
                         out_zero, act_min, act_max);
      pixel += out_pixel;
      left += stride_w;
    }
    ++lane;
    if (lane == THIMBLE_LANES) {
      lane = 0;
      filter += kernel_h * kernel_w;
    }
  }
}
