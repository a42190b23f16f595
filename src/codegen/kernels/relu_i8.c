#include "thimble_kernel.h"

// Clamps to limits that are integers of the quantization shared by input and output.
THIMBLE_KERNEL void relu_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel, int x0,
                            int x1, int in_c, int act_min, int act_max) {
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < in_c; ++c) {
      const int value = row0[c];
      out[c] = (int8_t)(value < act_min ? act_min : value > act_max ? act_max : value);
    }
    out += out_pixel;
    row0 += in0_pixel;
  }
}
