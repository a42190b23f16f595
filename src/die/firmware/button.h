/* Debouncing: the button has changed when eight samples in a row, a millisecond apart, say so. */
#ifndef DIE_BUTTON_H
#define DIE_BUTTON_H

#include <stdint.h>

struct button {
  uint8_t samples; /* the last eight, the newest in bit 0 */
  uint8_t down;    /* as debounced */
};

#define BUTTON_INIT \
  { 0, 0 }

enum button_event { BUTTON_SAME, BUTTON_PRESSED, BUTTON_RELEASED };

static inline enum button_event button_sample(struct button *button, uint8_t closed) {
  button->samples = (uint8_t)(button->samples << 1 | (closed != 0));
  if (!button->down && button->samples == 0xFF) {
    button->down = 1;
    return BUTTON_PRESSED;
  }
  if (button->down && button->samples == 0) {
    button->down = 0;
    return BUTTON_RELEASED;
  }
  return BUTTON_SAME;
}

#endif
