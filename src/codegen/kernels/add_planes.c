#ifndef THIMBLE_ADD_PLANES_C
#define THIMBLE_ADD_PLANES_C
#include "thimble_kernel.h"

// Adds to the sums of `outputs` > 0 outputs those of level * value over 16 values, by the tables of
// fill_planes: of each output THIMBLE_BITS codes, the highest bits of its levels first.
THIMBLE_KERNEL THIMBLE_NOINLINE void add_planes(const int16_t *table, const int16_t *codes,
                                                int outputs, int32_t *sums) {
  const int32_t *const end = sums + outputs;
  do {
    int sum = 0; /* 16 values times 15 fit 16 bits */
    for (int plane = 0; plane < THIMBLE_BITS; ++plane) {
      const unsigned code = (unsigned)THIMBLE_READ_I16(codes);
      THIMBLE_STEP(codes);
      sum = 2 * sum + table[code & 15] + table[16 + (code >> 4 & 15)] +
            table[32 + (code >> 8 & 15)] + table[48 + (code >> 12 & 15)];
    }
    *sums += sum;
    ++sums;
  } while (sums != end);
}

#endif
