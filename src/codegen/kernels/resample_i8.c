#include "thimble_kernel.h"

// Output pixel (y, x) is the weighted sum of taps_h x taps_w pixels, from row first_h[y] and
// column first_w[x] on. Row weight times column weight is in 2^-bits; halves are rounded up, or
// away from zero.
THIMBLE_KERNEL void resample_i8(int8_t *out, int out_pixel, const int8_t *in0, int in0_slots,
                                int in0_row, int in0_pixel, int y, int x0, int x1, int in_c,
                                int taps_h, int taps_w, int bits, int away, const int16_t *first_h,
                                const int16_t *weight_h, const int16_t *first_w,
                                const int16_t *weight_w) {
  const int first_row = THIMBLE_READ_I16(first_h + y);
  for (int x = x0; x < x1; ++x) {
    const int8_t *column = in0 + THIMBLE_READ_I16(first_w + x) * in0_pixel;
    for (int c = 0; c < in_c; ++c) {
      int32_t sum = 0;
      for (int i = 0; i < taps_h; ++i) {
        const int8_t *a = column + (first_row + i) % in0_slots * in0_row + c;
        int32_t row_sum = 0;
        for (int j = 0; j < taps_w; ++j) {
          row_sum += (int32_t)*a * THIMBLE_READ_I16(weight_w + x * taps_w + j);
          a += in0_pixel;
        }
        sum += row_sum * THIMBLE_READ_I16(weight_h + y * taps_h + i);
      }
      sum = (sum + ((int32_t)1 << (bits - 1)) - (sum < 0 ? away : 0)) >> bits;
      out[c] = (int8_t)(sum < -128 ? -128 : sum > 127 ? 127 : sum);
    }
    out += out_pixel;
  }
}
