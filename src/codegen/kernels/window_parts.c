#ifndef THIMBLE_WINDOW_PARTS_C
#define THIMBLE_WINDOW_PARTS_C
#include "thimble_kernel.h"

// The `rows` rows of a window, the first of them at `row`, the others from `next_row` on in a ring
// of `ring` elements, as parts that follow one another in memory, at most three: where each begins
// and how many rows it has. Gives how many there are.
THIMBLE_KERNEL int window_parts(int *part_row, int *part_rows, int row, int next_row, int in0_row,
                                int ring, int rows) {
  int parts = 0;
  for (; rows > 0; --rows) {
    if (parts > 0 && row == part_row[parts - 1] + part_rows[parts - 1] * in0_row) {
      ++part_rows[parts - 1];
    } else {
      part_row[parts] = row;
      part_rows[parts] = 1;
      ++parts;
    }
    row = next_row;
    next_row += in0_row;
    if (next_row == ring) next_row = 0;
  }
  return parts;
}

#endif
