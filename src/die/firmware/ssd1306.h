/* An SSD1306 display of 128x64 pixels on I2C, written page by page (a page is eight rows of pixels,
 * one byte a column, the topmost pixel in bit 0). Only page addressing is used, which SH1106 panels
 * know too. */
#ifndef DIE_SSD1306_H
#define DIE_SSD1306_H

#include <stdint.h>

#define SSD1306_COLUMNS 128
#define SSD1306_PAGES 8

/* Sets the panel up, dark and empty. */
void ssd1306_init(void);

/* Begins a transaction whose bytes go to page `page` (0 at the top) from column `column` on:
 * port_bus_write for each, then port_bus_stop. */
void ssd1306_open(uint8_t page, uint8_t column);

/* Writes the `count` bytes that follow SSD1306_HEAD ones of `message` (which are overwritten) to
 * page `page` (0 at the top) from column `column` on. They are sent after the return, too, and must
 * stay as they are until the next call has returned. */
#define SSD1306_HEAD 7
void ssd1306_write(uint8_t page, uint8_t column, uint8_t *message, uint8_t count);

#endif
