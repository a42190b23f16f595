#include "thimble_kernel.h"

// The channel of each pixel's largest element, or smallest; of equal ones the first, or last.
// specialise: least last
THIMBLE_KERNEL void arg_max_f32(float *out, int out_pixel, const float *row0, int in0_pixel, int x0,
                                int x1, int in_c, int least, int last) {
  for (int x = x0; x < x1; ++x) {
    int best = 0;
    for (int c = 1; c < in_c; ++c) {
      const int better = least ? row0[c] < row0[best] : row0[c] > row0[best];
      if (better || (last && row0[c] == row0[best])) best = c;
    }
    *out = (float)best;
    out += out_pixel;
    row0 += in0_pixel;
  }
}
