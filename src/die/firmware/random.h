/* Chance for the die: a 32-bit xorshift generator (Marsaglia 2003, shifts 13, 17, 5) into which the
 * timing of the button is stirred, and fair choices from it by rejection. Four bytes of state. */
#ifndef DIE_RANDOM_H
#define DIE_RANDOM_H

#include <stdint.h>

struct random_source {
  uint32_t state; /* never 0 */
};

#define RANDOM_SOURCE_INIT \
  { 0x2545F491u }

/* Folds one reading of a counter into a pool: cheap enough for an interrupt at every bounce. */
static inline uint16_t random_fold(uint16_t pool, uint16_t count) {
  return (uint16_t)((uint16_t)(pool << 5 | pool >> 11) ^ count);
}

/* Stirs a pool in. Never takes chance away: a constant pool leaves the generator as it would run.
 */
void random_stir(struct random_source *source, uint16_t pool);

/* One of 0 ... count - 1 (count from 1 to 256), each equally likely. */
uint8_t random_below(struct random_source *source, uint16_t count);

#endif
