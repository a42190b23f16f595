#include "thimble_kernel.h"
#include "window_c8.c"

// As conv_transpose2d_i8, of weights as conv2d_c8 has them.
// specialise: kernel_h kernel_w stride_h stride_w in_w out_c
THIMBLE_KERNEL void conv_transpose2d_c8(int8_t *out, int out_pixel, const int8_t *in0,
                                        int in0_slots, int in0_row, int in0_pixel, int in0_top,
                                        int in0_second, int y, int x0, int x1,
                                        const uint16_t *weight, const uint8_t *ends, int out_zero,
                                        int act_min, int act_max, int in_h, int in_w, int in_c,
                                        int out_c, int kernel_h, int kernel_w, int stride_h,
                                        int stride_w, int pad_top, int pad_left) {
  const int last_row = (y + pad_top) / stride_h;
  const int phase_y = (y + pad_top) % stride_h;
  const int more_y = kernel_h % stride_h, more_x = kernel_w % stride_w;
  const int taps_y = kernel_h / stride_h + (phase_y < more_y ? 1 : 0);
  const int top = last_row + 1 - taps_y;
  const int ky0 = top < 0 ? -top : 0;
  const int ky1 = in_h - top < taps_y ? in_h - top : taps_y;
  const int ky_before = phase_y * (kernel_h / stride_h) + (phase_y < more_y ? phase_y : more_y);
  // Of each input three instructions, and five for each output; of each tap three more.
  const int words = in_c * (3 + 5 * out_c) + 3;
  // Of each phase the pixels that are `stride_w` apart. One pixel is no loop.
  const int most = x1 - x0 < 255 ? x1 - x0 : 255;
  int pixels = 1;
  for (int first = x0; first < x1 && first < x0 + stride_w; first = most == 1 ? x1 : first + 1) {
    const int phase_x = (first + pad_left) % stride_w;
    const int taps_x = kernel_w / stride_w + (phase_x < more_x ? 1 : 0);
    const int kx_before = phase_x * (kernel_w / stride_w) + (phase_x < more_x ? phase_x : more_x);
    const int before = ky_before * kernel_w + taps_y * kx_before + ky0 * taps_x;
    int left = (first + pad_left) / stride_w + 1 - taps_x;
    for (int x = first; x < x1; x = most == 1 ? x1 : x + pixels * stride_w) {
      const int kx0 = left < 0 ? -left : 0;
      const int kx1 = in_w - left < taps_x ? in_w - left : taps_x;
      pixels = 1;
      if (most > 1 && kx1 - kx0 == taps_x) {
        const int inside = in_w - taps_x - left + 1, here = (x1 - x + stride_w - 1) / stride_w;
        pixels = here < most ? here : most;
        pixels = inside < pixels ? inside : pixels;
      }
      window_c8(out + (x - x0) * out_pixel, stride_w * out_pixel, pixels, in0, in0_top, in0_second,
                in0_row, in0_slots * in0_row, ky1 - ky0, (kernel_h + stride_h - 1) / stride_h,
                (left + kx0) * in0_pixel, in0_pixel, kx1 - kx0, in_c, in0_pixel - in_c, weight,
                (before + kx0) * words, taps_x * words, words, kernel_h * kernel_w * words, ends,
                out_c, out_zero, act_min, act_max);
      left += pixels;
    }
  }
}
