#include "dot_strided_i8.c"
#include "end_tap.c"
#include "first_tap.c"
#include "lanes_i8.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// Convolution of each input channel on its own, weights [out][kernel row][kernel column]; output
// channel c reads input channel c / (out_c / in_c). Four at a time where each has its own.
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void depthwise2d_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                   int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                                   const int8_t *weight, const int32_t *bias,
                                   const thimble_multiplier *multiplier, const int8_t *shift,
                                   int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                   int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                   int stride_h, int stride_w, int pad_top, int pad_left,
                                   int dilation_h, int dilation_w) {
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
  const int window = kernel_h * kernel_w;
  int left = x0 * stride_w - pad_left;
  for (int x = x0; x < x1; ++x) {
    const int kx0 = first_tap(left, dilation_w);
    const int kx1 = end_tap(left, in_w, kernel_w, dilation_w);
    const int8_t *channel = in0 + (left + kx0 * dilation_w) * in0_pixel;
    const int8_t *filter = weight + (ky0 * kernel_w + kx0);
    int lanes;
    for (int c = 0; c < out_c; c += lanes) {
      lanes = outputs == 1 && out_c - c >= 4 ? 4 : 1;
      int32_t sums[4];  // set one by one: GCC would call memset
      sums[0] = 0;
      sums[1] = 0;
      sums[2] = 0;
      sums[3] = 0;
      const int8_t *w = filter;
      int row = first_row;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        if (lanes == 4)
          lanes_i8(channel + c + row, step, w, window, kx1 - kx0, in_zero, sums);
        else
          sums[0] += dot_strided_i8(channel + c / outputs + row, step, w, kx1 - kx0, in_zero);
        w += kernel_w;
        row = next_row;
        next_row += row_step;
        if (next_row >= ring_end) next_row -= ring_end;
      }
      outputs_i8(out + c, sums, lanes, bias + c, multiplier + c, shift + c, out_zero, act_min,
                 act_max);
      filter += lanes * window;
    }
    out += out_pixel;
    left += stride_w;
  }
}
