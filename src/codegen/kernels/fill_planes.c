#ifndef THIMBLE_FILL_PLANES_C
#define THIMBLE_FILL_PLANES_C
#include "fill_subsets.c"
#include "thimble_kernel.h"

// Of four times four values the tables of fill_subsets; values beyond `count` are 0. Gives the sum
// of all.
THIMBLE_KERNEL THIMBLE_NOINLINE int fill_planes(const int8_t *values, int count, int16_t *table) {
  int all = 0;
  for (int16_t *const end = table + 64; table != end; table += 16) {
    const int a = count > 0 ? values[0] : 0;
    const int b = count > 1 ? values[1] : 0;
    const int c = count > 2 ? values[2] : 0;
    const int d = count > 3 ? values[3] : 0;
    all += fill_subsets(a, b, c, d, table);
    values += 4;
    count -= 4;
  }
  return all;
}

#endif
