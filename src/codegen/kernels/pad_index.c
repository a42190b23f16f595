#include "thimble_kernel.h"

// Where position `at` of a padded axis comes from, -1: from nowhere. mode: 0 constant, 1 edge,
// 2 reflect, 3 wrap.
THIMBLE_KERNEL int pad_index(int at, int count, int mode) {
  if (at >= 0 && at < count) {
    return at;
  }
  switch (mode) {
    case 1:
      return at < 0 ? 0 : count - 1;
    case 2:
      return at < 0 ? -at : 2 * (count - 1) - at;
    case 3:
      return at < 0 ? at + count : at - count;
    default:
      return -1;
  }
}
