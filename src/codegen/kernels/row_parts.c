#ifndef THIMBLE_ROW_PARTS_C
#define THIMBLE_ROW_PARTS_C
#include "thimble_kernel.h"

// Rows of a ring that follow one another in memory are one part: the first may lie elsewhere, and
// the ring begins anew. Where each of up to three parts begins, and how many of `rows` it has;
// gives their number. The first two rows are `row` and `next_row`, the others `pitch` apart.
THIMBLE_KERNEL THIMBLE_NOINLINE int row_parts(int row, int next_row, int rows, int pitch, int ring,
                                              int *part_row, int *part_rows) {
  int parts = 0;
  for (; rows > 0; --rows) {
    if (parts > 0 && row == part_row[parts - 1] + part_rows[parts - 1] * pitch) {
      ++part_rows[parts - 1];
    } else {
      part_row[parts] = row;
      part_rows[parts] = 1;
      ++parts;
    }
    row = next_row;
    next_row += pitch;
    if (next_row == ring) next_row = 0;
  }
  return parts;
}

#endif
