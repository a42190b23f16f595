#include "thimble_kernel.h"

// The input is [outer][count][inner]; output element ((o * index_count) + i) * inner + j is input
// element ((o * count) + index[i]) * inner + j. in_count: elements of an input row.
THIMBLE_KERNEL void gather(thimble_element *out, int out_pixel, const thimble_element *in0,
                           int in0_slots, int in0_row, int y, int x0, int x1, int out_w, int out_c,
                           int in_count, int count, int inner, int index_count,
                           const int32_t *index) {
  const int first = (y * out_w + x0) * out_c;
  int j = first % inner;
  int i = first / inner % index_count;
  int o = first / inner / index_count;
  for (int x = x0; x < x1; ++x) {
    for (int c = 0; c < out_c; ++c) {
      const int at = (o * count + (int)THIMBLE_READ_I32(index + i)) * inner + j;
      out[c] = in0[at / in_count % in0_slots * in0_row + at % in_count];
      if (++j < inner) {
        continue;
      }
      j = 0;
      if (++i == index_count) {
        i = 0;
        ++o;
      }
    }
    out += out_pixel;
  }
}
