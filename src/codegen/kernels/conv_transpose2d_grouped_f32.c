#include "clamp_f32.c"
#include "dot_f32.c"
#include "thimble_kernel.h"

// Transposed convolution in groups of channels, weights [out][kernel row][kernel column][in of the
// group], gathered: output (y, x) sums the taps (ky, kx) for which
// ((y + pad_top - ky * dilation_h) / stride_h, (x + pad_left - kx * dilation_w) / stride_w) is an
// input pixel.
// specialise: kernel_h kernel_w stride_h stride_w dilation_h dilation_w
THIMBLE_KERNEL void conv_transpose2d_grouped_f32(
    float *out, int out_pixel, const float *in0, int in0_slots, int in0_row, int in0_pixel, int y,
    int x0, int x1, const float *weight, const float *bias, float act_min, float act_max, int in_h,
    int in_w, int in_c, int out_c, int kernel_h, int kernel_w, int stride_h, int stride_w,
    int pad_top, int pad_left, int dilation_h, int dilation_w, int groups) {
  const int group_in = in_c / groups;
  const int group_out = out_c / groups;
  for (int x = x0; x < x1; ++x) {
    const float *filter = weight;
    for (int c = 0; c < out_c; ++c) {
      const float *group = in0 + c / group_out * group_in;
      float sum = THIMBLE_READ_F32(bias + c);
      for (int ky = 0; ky < kernel_h; ++ky) {
        const int below = y + pad_top - ky * dilation_h;
        if (below < 0 || below % stride_h != 0 || below / stride_h >= in_h) continue;
        const float *row = group + below / stride_h % in0_slots * in0_row;
        for (int kx = 0; kx < kernel_w; ++kx) {
          const int right = x + pad_left - kx * dilation_w;
          if (right < 0 || right % stride_w != 0 || right / stride_w >= in_w) continue;
          const float *a = row + right / stride_w * in0_pixel;
          const float *w = filter + (ky * kernel_w + kx) * group_in;
          sum = dot_f32(a, w, group_in, sum);
        }
      }
      out[c] = clamp_f32(sum, act_min, act_max);
      filter += kernel_h * kernel_w * group_in;
    }
    out += out_pixel;
  }
}
