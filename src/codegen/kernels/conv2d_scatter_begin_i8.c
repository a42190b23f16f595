#include "thimble_kernel.h"

// Starts the sums of a scattered convolution: kernel_h rows of them, each from the bias.
THIMBLE_KERNEL void conv2d_scatter_begin_i8(int32_t *state, const int32_t *bias, int kernel_h,
                                            int out_w, int out_c) {
  for (int pixel = 0; pixel < kernel_h * out_w; ++pixel) {
    for (int c = 0; c < out_c; ++c) {
      *state = THIMBLE_READ_I32(bias + c);
      ++state;
    }
  }
}
