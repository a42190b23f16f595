#ifndef THIMBLE_RUNS_I8_C
#define THIMBLE_RUNS_I8_C
#include "line_i8.c"
#include "thimble_kernel.h"

// As eights_i8 over `count` > 0 runs of whole fours of neighbours, of each where it begins and
// ends. With `ends` ([output][bias, multiplier] of a line, as of line_i8) they become int8 at `out`
// at once.
THIMBLE_KERNEL THIMBLE_NOINLINE void runs_i8(const int8_t *const *runs, int count,
                                             const int32_t *weight, int outputs, int32_t *sums,
                                             const int32_t *ends, int8_t *out, int32_t zero) {
  for (; outputs > 0; outputs -= 8) {
    uint32_t both[4] = {0};
    int32_t low[4] = {0};
    for (int run = 0; run < 2 * count; run += 2) {
      for (const int8_t *four = runs[run]; four != runs[run + 1]; four += 4) {
        for (int i = 0; i < 8; ++i) {
          const int first = four[i / 4], second = four[i / 4 + 2];
          const int32_t w = THIMBLE_READ_I32(weight + i);
          both[i % 4] += (uint32_t)((int32_t)(int16_t)w * first + (w >> 16) * second);
          low[i % 4] += (int32_t)(int8_t)w * first + (int32_t)(int8_t)(w >> 16) * second;
        }
        weight += 8;
      }
    }
    for (int k = 0; k < 8; ++k) {
      const int32_t high = (int32_t)(both[k / 2] - (uint32_t)low[k / 2]) >> 8;
      const int32_t sum = k % 2 ? high : low[k / 2];
      if (ends) {
        *out++ = line_i8(sum, ends, zero);
        ends += 2;
      } else {
        *sums++ = sum;
      }
    }
  }
}

#endif
