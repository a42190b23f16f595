/* What the firmware uses of a generated network, for tests: rows come from the test. */
#ifndef DIE_H
#define DIE_H

#include <stdint.h>

#define DIE_QUANTIZE_IN0(x) ((int8_t)((x)*84.0f + ((x) < 0.0f ? -0.5f : 0.5f)))
#define die_input(i) (die_arena)

typedef void (*die_row_fn)(void *user, int output, int row, const void *data);

extern int8_t die_arena[7];
void die_run_rows(die_row_fn emit, void *user);

#endif
