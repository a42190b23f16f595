#ifndef THIMBLE_FILL_SUBSETS_C
#define THIMBLE_FILL_SUBSETS_C
#include "thimble_kernel.h"

// The sums of all subsets of four int8: entry i is that of the values whose bits are set in i, from
// one subset to the next by one value more or less. Gives the sum of all four.
THIMBLE_KERNEL int fill_subsets(int a, int b, int c, int d, int16_t *table) {
  int16_t sum = (int16_t)a;
  table[0] = 0;
  table[1] = sum;
  table[3] = sum = (int16_t)(sum + b);
  table[2] = sum = (int16_t)(sum - a);
  table[6] = sum = (int16_t)(sum + c);
  table[7] = sum = (int16_t)(sum + a);
  table[5] = sum = (int16_t)(sum - b);
  table[4] = sum = (int16_t)(sum - a);
  table[12] = sum = (int16_t)(sum + d);
  table[13] = sum = (int16_t)(sum + a);
  table[15] = sum = (int16_t)(sum + b);
  table[14] = sum = (int16_t)(sum - a);
  table[10] = sum = (int16_t)(sum - c);
  table[11] = sum = (int16_t)(sum + a);
  table[9] = sum = (int16_t)(sum - b);
  table[8] = (int16_t)(sum - a);
  return table[15];
}

#endif
