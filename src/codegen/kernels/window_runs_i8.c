#ifndef THIMBLE_WINDOW_RUNS_I8_C
#define THIMBLE_WINDOW_RUNS_I8_C
#include <string.h>

#include "thimble_kernel.h"

// The runs of neighbours of which a window consists: where each begins and ends; returns how many,
// up to nine. It is a pixel's values, or, of `split` windows, as much of each row as lies inside
// the input and `zeros` for each pixel that does not; or it is `gathered` in `work`, its input's
// zero point outside. The zero point's share of a sum is taken off elsewhere.
THIMBLE_KERNEL THIMBLE_INLINE int window_runs_i8(const int8_t **runs, const int8_t *zeros,
                                                 int8_t *work, const int8_t *in0, int in0_slots,
                                                 int in0_row, int in0_pixel, int in0_top, int top,
                                                 int left, int in_zero, int in_h, int in_w,
                                                 int in_c, int kernel_h, int kernel_w, int gathered,
                                                 int split) {
  const int8_t **next = runs;
  const int kx0 = left < 0 ? -left : 0;
  const int kx1 = in_w - left < kernel_w ? in_w - left : kernel_w;
  const int at_once = in0_pixel == in_c ? kx1 - kx0 : 1;
  const int8_t *pixel = in0 + (in0_top + (left + kx0) * in0_pixel);
  if (!gathered && !split) {
    *next++ = pixel;
    *next++ = pixel + in_c;
    return 1;
  }
  if (gathered && (top < 0 || top + kernel_h > in_h || kx0 > 0 || kx1 < kernel_w)) {
    memset(work, in_zero, (size_t)(kernel_h * kernel_w * in_c));
  }
  int8_t *copy = work;
  for (int ky = 0; ky < kernel_h; ++ky) {
    const int is_inside = top + ky >= 0 && top + ky < in_h;
    for (int kx = 0; kx < kernel_w;) {
      const int is_in = is_inside && kx >= kx0 && kx < kx1;
      const int bytes = (is_in ? at_once : 1) * in_c;
      if (!gathered) {
        *next++ = is_in ? pixel : zeros;
        *next = next[-1] + bytes;
        ++next;
      } else if (is_in) {
        memcpy(copy, pixel, (size_t)bytes);
      }
      copy += bytes;
      if (is_in) pixel += at_once * in0_pixel;
      kx += is_in ? at_once : 1;
    }
    if (is_inside) {
      pixel = in0 + ((top + ky + 1) % in0_slots * in0_row + (left + kx0) * in0_pixel);
    }
  }
  if (gathered) {
    *next++ = work;
    *next++ = work + (kernel_h * kernel_w * in_c + 3) / 4 * 4;
  }
  return (int)(next - runs) / 2;
}

#endif
