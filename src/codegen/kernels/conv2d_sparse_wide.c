#include "dot_sparse.c"
#include "fill_run_i8.c"
#include "lanes_sparse.c"
#include "outputs_i8.c"
#include "thimble_kernel.h"

// As conv2d_i8, of one stream of sparse weights [out][kernel row][kernel column][in] (dot_sparse),
// each w_step times what the stream says. What is outside of the input is its zero point; `inside`:
// no window reaches out of it. Pixels whose windows lie inside of it are made up to eight at a
// time, with eight outputs of each.
// specialise: kernel_h kernel_w stride_h stride_w
THIMBLE_KERNEL void conv2d_sparse(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                  int in0_row, int in0_pixel, int in0_top, int y, int x0, int x1,
                                  const uint8_t *weight, const int32_t *full_bias,
                                  const thimble_multiplier *multiplier, const int8_t *shift,
                                  int in_zero, int out_zero, int act_min, int act_max, int in_h,
                                  int in_w, int in_c, int out_c, int kernel_h, int kernel_w,
                                  int stride_h, int stride_w, int pad_top, int pad_left, int w_step,
                                  int inside) {
  const int top = y * stride_h - pad_top;
  const int ky0 = inside || top >= 0 ? 0 : -top;
  const int ky1 = inside || in_h - top >= kernel_h ? kernel_h : in_h - top;
  const int ring = in0_slots * in0_row;
  const int second_row = (top + ky0 + 1) % in0_slots * in0_row;
  const int kernel_row = kernel_w * in_c;
  const int8_t outside = (int8_t)in_zero;
  const int left_end = x1 * stride_w - pad_left;
  const int is_high = ky0 == 0 && ky1 == kernel_h;
  const int step = stride_w * in0_pixel;
  int pixels;
  for (int left = x0 * stride_w - pad_left; left < left_end; left += pixels * stride_w) {
    pixels = 1;
    while (is_high && (inside || left >= 0) && pixels < 8 && left + pixels * stride_w < left_end &&
           (inside || left + pixels * stride_w + kernel_w <= in_w)) {
      ++pixels;
    }
    const int kx0 = inside || left >= 0 ? 0 : -left;
    const int kx1 = inside || in_w - left >= kernel_w ? kernel_w : in_w - left;
    const int taps = (kx1 - kx0) * in_c;
    const int rows = inside || taps > 0 ? ky1 - ky0 : 0;
    const int run = in0_pixel == in_c ? taps : in_c;
    const int column = (left + kx0) * in0_pixel;
    const int above = rows > 0 ? ky0 * kernel_row : kernel_h * kernel_row;
    const int below = rows > 0 ? (kernel_h - ky1) * kernel_row : 0;
    const int behind = (kernel_w - kx1) * in_c;
    const uint8_t *codes = weight;
    int to_next = 0;
    for (int c = 0; c < out_c; c += 8) {
      const int outputs = out_c - c < 8 ? out_c - c : 8;
      int32_t sums[64];
      fill_run_i8((int8_t *)sums, 0, sizeof sums);
      for (int32_t *sum = sums; sum != sums + outputs; ++sum) {
        if (above > 0) *sum = dot_sparse(&outside, 0, above, &codes, &to_next);
        int row = in0_top;
        int next_row = second_row;
        for (int ky = 0; ky < rows; ++ky) {
          const int8_t *a = in0 + (row + column);
          if (kx0 > 0) *sum += dot_sparse(&outside, 0, kx0 * in_c, &codes, &to_next);
          for (int tap = 0; tap < taps; tap += run) {
            lanes_sparse(a, step, pixels, run, &codes, &to_next, sum, 8);
            a += in0_pixel;
          }
          if (behind > 0) *sum += dot_sparse(&outside, 0, behind, &codes, &to_next);
          row = next_row;
          next_row += in0_row;
          if (next_row == ring) next_row = 0;
        }
        if (below > 0) *sum += dot_sparse(&outside, 0, below, &codes, &to_next);
      }
      for (int p = 0; p < pixels; ++p) {
        for (int k = 0; w_step != 1 && k < outputs; ++k) sums[8 * p + k] *= w_step;
        outputs_i8(out + (p * out_pixel + c), sums + 8 * p, outputs, full_bias + c, multiplier + c,
                   shift + c, out_zero, act_min, act_max);
      }
    }
    out += pixels * out_pixel;
  }
}
