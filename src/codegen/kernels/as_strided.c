#include "thimble_kernel.h"

// Output element e in stored order is input element offset + sum of digit k of e * stride k, in the
// mixed base of the sizes; axes: size and stride, the slowest first. in_count: elements of a row.
THIMBLE_KERNEL void as_strided(thimble_element *out, int out_pixel, const thimble_element *in0,
                               int in0_slots, int in0_row, int y, int x0, int x1, int out_w,
                               int out_c, int in_count, int offset, int last, const int32_t *axes) {
  // Where rows leave no gap, a whole turn of the ring lies side by side; else a row.
  const int gapless = in0_row == in_count;
  const int span = gapless ? in0_slots * in_count : in_count;
  const int size = (int)THIMBLE_READ_I32(axes + 2 * last);
  const int step = (int)THIMBLE_READ_I32(axes + 2 * last + 1);
  int digit[8];
  int at = offset;
  int rest = (y * out_w + x0) * out_c;
  for (int k = last; k >= 0; --k) {
    const int base = (int)THIMBLE_READ_I32(axes + 2 * k);
    digit[k] = rest % base;
    at += digit[k] * (int)THIMBLE_READ_I32(axes + 2 * k + 1);
    rest /= base;
  }
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c;) {
      // As far as the last axis, the pixel, and the span go.
      const int block = at / span;
      const thimble_element *a =
          in0 + (gapless ? 0 : block % in0_slots * in0_row) + (at - block * span);
      int run = size - digit[last];
      if (run > out_c - c) {
        run = out_c - c;
      }
      if ((at + (run - 1) * step) / span != block) {
        run = 1;
      }
      digit[last] += run;
      at += run * step;
      for (; run > 0; --run) {
        out[c++] = *a;
        a += step;
      }
      for (int k = last; k > 0 && digit[k] == (int)THIMBLE_READ_I32(axes + 2 * k); --k) {
        at += (int)THIMBLE_READ_I32(axes + 2 * k - 1) -
              digit[k] * (int)THIMBLE_READ_I32(axes + 2 * k + 1);
        digit[k] = 0;
        ++digit[k - 1];
      }
    }
    out += out_pixel;
  }
}
