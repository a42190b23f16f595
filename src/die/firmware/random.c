/* The generator of random.h. The top bits are used: in a xorshift they are the better ones. */
#include "random.h"

static uint32_t next(struct random_source *source) {
  uint32_t x = source->state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  source->state = x;
  return x;
}

void random_stir(struct random_source *source, uint16_t pool) {
  source->state ^= pool;
  if (source->state == 0) source->state = 1; /* the one state that the generator never leaves */
  for (uint8_t i = 0; i < 4; ++i)
    next(source); /* until every bit of the pool has reached the top */
}

uint8_t random_below(struct random_source *source, uint16_t count) {
  uint8_t mask = 0;
  while (mask + 1u < count) mask = (uint8_t)(mask << 1 | 1);
  for (;;) {
    /* A remainder would favour the low numbers: what is too large is drawn again. */
    const uint8_t drawn = (uint8_t)(next(source) >> 24) & mask;
    if (drawn < count) return drawn;
  }
}
