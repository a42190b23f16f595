#ifndef THIMBLE_OUTSIDE_PACKED_C
#define THIMBLE_OUTSIDE_PACKED_C
#include "level_packed.c"
#include "thimble_kernel.h"

// Adds to `sums` what the levels in [weight, end) outside of the input make of its zero point; not
// those of `rows` runs of `run` codes, `pitch` apart, the first at `inside`. The codes of the next
// outputs are `next` further on.
THIMBLE_KERNEL THIMBLE_NOINLINE void outside_packed(const uint8_t *weight, const uint8_t *end,
                                                    const uint8_t *inside, int next, int run,
                                                    int pitch, int rows, int in_zero,
                                                    int32_t *sums) {
  for (;;) {
    const uint8_t *const stop = rows > 0 ? inside : end;
    while (weight != stop) {
      for (int o = 0; o < THIMBLE_OUTPUTS; ++o) {
        const uint8_t code = THIMBLE_READ_U8(weight + o / THIMBLE_LANES * next);
        sums[o] += level_packed(code, o % THIMBLE_LANES) * in_zero;
      }
      THIMBLE_STEP(weight);
    }
    if (rows <= 0) return;
    weight += run;
    inside += pitch;
    --rows;
  }
}

#endif
