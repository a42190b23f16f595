#include "thimble_kernel.h"

// A function of one int8, by table: entry i is its value at i - 128.
THIMBLE_KERNEL void lookup_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel, int x0,
                              int x1, const int8_t *table, int in_c) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      out[c] = THIMBLE_READ_I8(table + (row0[c] + 128));
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
