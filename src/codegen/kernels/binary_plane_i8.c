#include "plane_run_i8.c"
#include "thimble_kernel.h"

// A sum or difference of two int8 where one plane runs through all its steps
// (ops/rescale_plane.h).
// specialise: in0_step in1_step
THIMBLE_KERNEL void binary_plane_i8(int8_t *out, int out_pixel, const int8_t *row0, int in0_pixel,
                                    const int8_t *row1, int in1_pixel, int x0, int x1, int out_c,
                                    int in0_step, int in1_step, int32_t a_factor, int32_t b_factor,
                                    int32_t offset, int act_min, int act_max) {
  const int is_run = in0_step == 1 && in1_step == 1 && act_min == -128 && act_max == 127;
  /* Pixels side by side are one of many channels. */
  const int is_row = is_run && out_pixel == out_c && in0_pixel == out_c && in1_pixel == out_c;
  const int pixels = is_row ? 1 : x1 - x0;
  const int count = is_row ? (x1 - x0) * out_c : out_c;
  for (int x = 0; x < pixels; ++x) {
    if (is_run) plane_run_i8(out, row0, row1, count, a_factor, b_factor, offset);
    for (int c = 0; !is_run && c < count; ++c) {
      const int32_t sum = row0[c * in0_step] * a_factor + row1[c * in1_step] * b_factor + offset;
      const int32_t value = sum >> 21;
      out[c] = (int8_t)(value < act_min ? act_min : value > act_max ? act_max : value);
    }
    out += out_pixel;
    row0 += in0_pixel;
    row1 += in1_pixel;
  }
}
