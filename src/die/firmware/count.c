/* The count of count.h, kept as digits: small machines divide slowly. A digit is three columns of
 * dots and a dark one. */
#include "count.h"

#include <stdint.h>

#include "port.h"
#include "ssd1306.h"

#define COLUMNS 4 /* a digit */

/* A byte a column, the topmost dot in bit 0. */
static const uint8_t font[10][COLUMNS - 1] PORT_FLASH = {
    {0x3E, 0x22, 0x3E}, {0x24, 0x3E, 0x20}, {0x3A, 0x2A, 0x2E}, {0x2A, 0x2A, 0x3E},
    {0x0E, 0x08, 0x3E}, {0x2E, 0x2A, 0x3A}, {0x3E, 0x2A, 0x3A}, {0x02, 0x02, 0x3E},
    {0x3E, 0x2A, 0x3E}, {0x2E, 0x2A, 0x3E},
};

static uint8_t digits[COUNT_DIGITS]; /* ones first */

void count_roll(void) {
  uint8_t at = 0;
  while (at < COUNT_DIGITS && ++digits[at] == 10) digits[at++] = 0;
  uint8_t leading = 1;
  ssd1306_open(0, SSD1306_COLUMNS - COUNT_DIGITS * COLUMNS);
  for (at = COUNT_DIGITS; at > 0; --at) {
    const uint8_t digit = digits[at - 1];
    if (digit != 0 || at == 1) leading = 0;
    for (uint8_t i = 0; i < COLUMNS - 1; ++i)
      port_bus_write(leading ? 0 : PORT_READ_U8(font[digit] + i));
    port_bus_write(0);
  }
  port_bus_stop();
}
