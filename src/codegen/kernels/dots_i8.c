#ifndef THIMBLE_DOTS_I8_C
#define THIMBLE_DOTS_I8_C
#include "thimble_kernel.h"

// Adds to four sums those of weight * value over `runs` > 0 times `count` > 0 neighbours, the runs
// of values `pitch` apart, those of weights `next_run`; `outputs` are three or four, whose weights
// are `next_output` apart. Each value is loaded once for all of them. Of three the fourth sum is
// nothing.
THIMBLE_KERNEL THIMBLE_NOINLINE void dots_i8(const int8_t *values, int pitch, const int8_t *weight,
                                             int next_run, int next_output, int outputs, int count,
                                             int runs, int32_t *sums) {
  const int8_t *w_0 = weight;
  const int8_t *w_1 = w_0 + next_output;
  const int8_t *w_2 = w_1 + next_output;
  const int8_t *w_3 = outputs > 3 ? w_2 + next_output : w_2;
  int32_t sum_0 = sums[0], sum_1 = sums[1], sum_2 = sums[2], sum_3 = sums[3];
  pitch -= count;
  next_run -= count;
  do {
    const int8_t *const end = values + count;
    const int8_t *const whole = end - (count & 3);
    while (values != whole) {
      int value = values[0];
      sum_0 += value * THIMBLE_READ_I8(w_0);
      sum_1 += value * THIMBLE_READ_I8(w_1);
      sum_2 += value * THIMBLE_READ_I8(w_2);
      sum_3 += value * THIMBLE_READ_I8(w_3);
      value = values[1];
      sum_0 += value * THIMBLE_READ_I8(w_0 + 1);
      sum_1 += value * THIMBLE_READ_I8(w_1 + 1);
      sum_2 += value * THIMBLE_READ_I8(w_2 + 1);
      sum_3 += value * THIMBLE_READ_I8(w_3 + 1);
      value = values[2];
      sum_0 += value * THIMBLE_READ_I8(w_0 + 2);
      sum_1 += value * THIMBLE_READ_I8(w_1 + 2);
      sum_2 += value * THIMBLE_READ_I8(w_2 + 2);
      sum_3 += value * THIMBLE_READ_I8(w_3 + 2);
      value = values[3];
      sum_0 += value * THIMBLE_READ_I8(w_0 + 3);
      sum_1 += value * THIMBLE_READ_I8(w_1 + 3);
      sum_2 += value * THIMBLE_READ_I8(w_2 + 3);
      sum_3 += value * THIMBLE_READ_I8(w_3 + 3);
      values += 4;
      w_0 += 4;
      w_1 += 4;
      w_2 += 4;
      w_3 += 4;
    }
    while (values != end) {
      const int value = *values;
      ++values;
      sum_0 += value * THIMBLE_READ_I8(w_0);
      ++w_0;
      sum_1 += value * THIMBLE_READ_I8(w_1);
      ++w_1;
      sum_2 += value * THIMBLE_READ_I8(w_2);
      ++w_2;
      sum_3 += value * THIMBLE_READ_I8(w_3);
      ++w_3;
    }
    values += pitch;
    w_0 += next_run;
    w_1 += next_run;
    w_2 += next_run;
    w_3 += next_run;
  } while (--runs > 0);
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
