#include "clamp_f32.c"
#include "dot_f32.c"
#include "thimble_kernel.h"

// Convolution, weights [out][kernel row][kernel column][in]. A kernel row's taps are neighbours in
// memory where the input's pixels are.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_f32(float *out, int out_pixel, const float *in0, int in0_slots,
                               int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                               const float *weight, const float *bias, float act_min, float act_max,
                               int in_h, int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                               int stride_h, int stride_w, int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  const int ring_end = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  const int is_dense = in0_pixel == in_c;
  const int kernel_row = kernel_w * in_c;
  int left = x0 * stride_w - pad_left;
  for (int x = x0; x < x1; ++x) {
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    const int taps = (kx1 - kx0) * in_c;
    const int run = is_dense ? taps : in_c;
    const float *filter = weight + ky0 * kernel_row + kx0 * in_c;
    for (int c = 0; c < out_c; ++c) {
      float sum = THIMBLE_READ_F32(bias + c);
      const float *w_row = filter;
      int row = in0_top;
      int next_row = second_row;
      for (int ky = ky0; ky < ky1; ++ky) {
        const float *a = in0 + (row + (left + kx0) * in0_pixel);
        for (int done = 0; done < taps; done += run) {
          sum = dot_f32(a, w_row + done, run, sum);
          a += in0_pixel;
        }
        w_row += kernel_row;
        row = next_row;
        next_row += in0_row;
        if (next_row == ring_end) next_row = 0;
      }
      out[c] = clamp_f32(sum, act_min, act_max);
      filter += kernel_h * kernel_row;
    }
    out += out_pixel;
    left += stride_w;
  }
}
