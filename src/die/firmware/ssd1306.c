/* The panel of ssd1306.h through port_bus_*. Nothing is kept: the panel's own memory is the
 * picture. */
#include "ssd1306.h"

#include "port.h"

#define ADDRESS 0x3C
#define COMMANDS 0x00 /* control byte: what follows are commands */
#define DATA 0x40     /* control byte: what follows goes into display memory */
#define COMMAND 0x80  /* control byte: a command follows, then another control byte */

static const uint8_t setup[] PORT_FLASH = {
    0xAE,       /* display off while it is set up */
    0xD5, 0x80, /* clock: divide by 1, default oscillator */
    0xA8, 0x3F, /* 64 rows */
    0xD3, 0x00, /* no vertical offset */
    0x40,       /* first row is row 0 */
    0x8D, 0x14, /* charge pump on: the modules have no other high voltage */
    0x20, 0x02, /* page addressing */
    0xA1, 0xC8, /* columns and rows as the modules are mounted: upright, left to right */
    0xDA, 0x12, /* row pins alternate */
    0x81, 0x8F, /* contrast */
    0xD9, 0xF1, /* precharge: long, for an even picture */
    0xDB, 0x40, /* deselect level */
    0xA4, 0xA6, /* show memory, a set bit is a lit pixel */
};

static void begin(uint8_t control) {
  port_bus_start(ADDRESS);
  port_bus_write(control);
}

void ssd1306_open(uint8_t page, uint8_t column) {
  begin(COMMANDS);
  port_bus_write((uint8_t)(0xB0 | page));
  port_bus_write(column & 0x0F);
  port_bus_write((uint8_t)(0x10 | column >> 4));
  port_bus_stop();
  begin(DATA);
}

void ssd1306_write(uint8_t page, uint8_t column, uint8_t *message, uint8_t count) {
  port_bus_start(ADDRESS);
  message[0] = message[2] = message[4] = COMMAND;
  message[1] = 0xB0 | page;
  message[3] = column & 0x0F;
  message[5] = 0x10 | column >> 4;
  message[6] = DATA;
  port_bus_send(message, SSD1306_HEAD + count);
}

void ssd1306_init(void) {
  begin(COMMANDS);
  for (uint8_t i = 0; i < sizeof setup; ++i) port_bus_write(PORT_READ_U8(setup + i));
  port_bus_stop();
  for (uint8_t page = 0; page < SSD1306_PAGES; ++page) {
    ssd1306_open(page, 0);
    for (uint8_t column = 0; column < SSD1306_COLUMNS; ++column) port_bus_write(0);
    port_bus_stop();
  }
  begin(COMMANDS);
  port_bus_write(0xAF); /* display on */
  port_bus_stop();
}
