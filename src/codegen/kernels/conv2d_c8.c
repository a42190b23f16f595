#include "thimble_kernel.h"
#include "window_c8.c"

// As conv2d_offset, of weights as instructions (ops/offset_weights.h). Pixels whose windows lie
// inside the input are made in one go.
// specialise: kernel_h kernel_w stride_h stride_w in_w out_c
THIMBLE_KERNEL void conv2d_c8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                              int in0_row, int in0_pixel, int in0_top, int in0_second, int y,
                              int x0, int x1, const uint16_t *weight, const uint8_t *ends,
                              int out_zero, int act_min, int act_max, int in_h, int in_w, int in_c,
                              int out_c, int kernel_h, int kernel_w, int stride_h, int stride_w,
                              int pad_top, int pad_left) {
  const int top = y * stride_h - pad_top;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < kernel_h ? in_h - top : kernel_h;
  // Of each input three instructions, and five for each output; of each tap three more.
  const int words = in_c * (3 + 5 * out_c) + 3;
  // One pixel is no loop.
  const int most = x1 - x0 < 255 ? x1 - x0 : 255;
  int pixels = 1;
  for (int x = x0; x < x1; x = most == 1 ? x1 : x + pixels) {
    const int left = x * stride_w - pad_left;
    const int kx0 = left < 0 ? -left : 0;
    const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
    pixels = 1;
    if (most > 1 && kx1 - kx0 == kernel_w) {
      const int inside = (in_w - kernel_w - left) / stride_w + 1;
      pixels = x1 - x < most ? x1 - x : most;
      pixels = inside < pixels ? inside : pixels;
    }
    window_c8(out, out_pixel, pixels, in0, in0_top, in0_second, in0_row, in0_slots * in0_row,
              ky1 - ky0, kernel_h, (left + kx0) * in0_pixel, stride_w * in0_pixel, kx1 - kx0, in_c,
              in0_pixel - in_c, weight, (ky0 * kernel_w + kx0) * words, kernel_w * words, words,
              kernel_h * kernel_w * words, ends, out_c, out_zero, act_min, act_max);
    out += pixels * out_pixel;
  }
}
