#include "thimble_kernel.h"

// Output pixel (y, x) is the weighted sum of taps_h x taps_w pixels, from row first_h[y] and
// column first_w[x] on.
THIMBLE_KERNEL void resample_f32(float *out, int out_pixel, const float *in0, int in0_slots,
                                 int in0_row, int in0_pixel, int y, int x0, int x1, int in_c,
                                 int taps_h, int taps_w, const int16_t *first_h,
                                 const float *weight_h, const int16_t *first_w,
                                 const float *weight_w) {
  const int first_row = THIMBLE_READ_I16(first_h + y);
  for (int x = x0; x < x1; ++x) {
    const float *column = in0 + THIMBLE_READ_I16(first_w + x) * in0_pixel;
    for (int c = 0; c < in_c; ++c) {
      float sum = 0;
      for (int i = 0; i < taps_h; ++i) {
        const float *a = column + (first_row + i) % in0_slots * in0_row + c;
        float row_sum = 0;
        for (int j = 0; j < taps_w; ++j) {
          row_sum += *a * THIMBLE_READ_F32(weight_w + x * taps_w + j);
          a += in0_pixel;
        }
        sum += row_sum * THIMBLE_READ_F32(weight_h + y * taps_h + i);
      }
      out[c] = sum;
    }
    out += out_pixel;
  }
}
