#include "clamp_f32.c"
#include "dot_f32.c"
#include "end_tap.c"
#include "first_tap.c"
#include "thimble_kernel.h"

// Convolution in groups of channels, weights [out][kernel row][kernel column][in of the group];
// taps are dilation pixels apart.
//
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void conv2d_grouped_f32(float *out, int out_pixel, const float *in0, int in0_slots,
                                       int in0_row, int in0_pixel, int in0_top, int y, int x0,
                                       int x1, const float *weight, const float *bias,
                                       float act_min, float act_max, int in_h, int in_w, int in_c,
                                       int out_c, int kernel_h, int kernel_w, int stride_h,
                                       int stride_w, int pad_top, int pad_left, int dilation_h,
                                       int dilation_w, int groups) {
  const int top = y * stride_h - pad_top;
  const int ky0 = first_tap(top, dilation_h);
  const int ky1 = end_tap(top, in_h, kernel_h, dilation_h);
  // Only where taps are neighbours is the first one in the window's first row.
  const int at_first = (top + ky0 * dilation_h) % in0_slots * in0_row;
  const int first_row = dilation_h == 1 ? in0_top : at_first;
  const int second_row = (top + (ky0 + 1) * dilation_h) % in0_slots * in0_row;
  const int row_step = dilation_h % in0_slots * in0_row;
  const int ring_end = in0_slots * in0_row;
  const int group_in = in_c / groups;
  const int group_out = out_c / groups;
  const int kernel_row = kernel_w * group_in;
  const float *filter = weight + ky0 * kernel_row;
  for (int c = 0; c < out_c; ++c) {
    const float *group = in0 + c / group_out * group_in;
    float *pixel = out + c;
    int left = x0 * stride_w - pad_left;
    for (int x = x0; x < x1; ++x) {
      const int kx0 = first_tap(left, dilation_w);
      const int kx1 = end_tap(left, in_w, kernel_w, dilation_w);
      const float *w_row = filter + kx0 * group_in;
      float sum = THIMBLE_READ_F32(bias + c);
      int row = first_row;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        const float *a = group + (row + (left + kx0 * dilation_w) * in0_pixel);
        const float *w = w_row;
        for (int kx = kx0; kx < kx1; ++kx) {
          sum = dot_f32(a, w, group_in, sum);
          w += group_in;
          a += dilation_w * in0_pixel;
        }
        w_row += kernel_row;
        row = next_row;
        next_row += row_step;
        if (next_row >= ring_end) next_row -= ring_end;
      }
      *pixel = clamp_f32(sum, act_min, act_max);
      pixel += out_pixel;
      left += stride_w;
    }
    filter += kernel_h * kernel_row;
  }
}
