/* The picture of picture.h. Enlarging is bilinear: panel pixels lie a quarter of a picture pixel
 * off its centre, so each is 3/4 of the nearer and 1/4 of the farther neighbour, first down, then
 * across. That is why a panel row can be made when the row below has arrived, and why one row is
 * remembered. Grey becomes dots by an ordered dither: a pixel is lit if its level exceeds the
 * threshold that an 8x8 matrix (Bayer 1973) has at its place; 64 levels, the same pattern at every
 * face, no memory. */
#include "picture.h"

#include <string.h>

#include "port.h"
#include "ssd1306.h"

#ifndef PICTURE_PAGES /* 1: where the bus is moved by hand nothing is gained by a second one */
#define PICTURE_PAGES 2
#endif
#define PANEL_SIDE (PICTURE_SIDE * PICTURE_SCALE)

/* Bayer's matrix times 4, plus 2: level 255 lights every pixel, level 0 none. */
static const uint8_t thresholds[8][8] PORT_FLASH = {
    {2, 130, 34, 162, 10, 138, 42, 170},  {194, 66, 226, 98, 202, 74, 234, 106},
    {50, 178, 18, 146, 58, 186, 26, 154}, {242, 114, 210, 82, 250, 122, 218, 90},
    {14, 142, 46, 174, 6, 134, 38, 166},  {206, 78, 238, 110, 198, 70, 230, 102},
    {62, 190, 30, 158, 54, 182, 22, 150}, {254, 126, 222, 94, 246, 118, 214, 86},
};

static int8_t previous[PICTURE_SIDE]; /* the row before the one that has arrived */
static uint8_t pages[PICTURE_PAGES][SSD1306_HEAD + PANEL_SIDE]; /* panel rows come in at the top bit
                                                                   and move down; */
static uint8_t filled; /* one page fills while the other one is sent */

static uint8_t level(int8_t near, int8_t far) {
  return port_blend((uint8_t)near ^ 0x80, (uint8_t)far ^ 0x80);
}

/* The two dots of the column at `here`, between those at `left` and `right`; the next ones' place.
 */
static uint8_t *dots(uint8_t *bits, uint8_t left, uint8_t here, uint8_t right, uint8_t threshold,
                     uint8_t next_threshold) {
  bits = port_shift_in(bits, threshold, port_blend(here, left));
  return port_shift_in(bits, next_threshold, port_blend(here, right));
}

/* Panel row `y` (0 to 63), between the picture rows `near` and `far`. Four columns at a time: their
 * thresholds stay in registers. */
static void panel_row(int y, const int8_t *near, const int8_t *far) {
  const uint8_t *t = thresholds[y & 7];
  const uint8_t t0 = PORT_READ_U8(t), t1 = PORT_READ_U8(t + 1), t2 = PORT_READ_U8(t + 2),
                t3 = PORT_READ_U8(t + 3), t4 = PORT_READ_U8(t + 4), t5 = PORT_READ_U8(t + 5),
                t6 = PORT_READ_U8(t + 6), t7 = PORT_READ_U8(t + 7);
  uint8_t *bits = pages[filled] + SSD1306_HEAD;
  uint8_t a = level(*near, *far), left = a;
  for (uint8_t fours = PICTURE_SIDE / 4; fours > 0; --fours) {
    const uint8_t b = level(*++near, *++far);
    bits = dots(bits, left, a, b, t0, t1);
    const uint8_t c = level(*++near, *++far);
    bits = dots(bits, a, b, c, t2, t3);
    const uint8_t d = level(*++near, *++far);
    bits = dots(bits, b, c, d, t4, t5);
    a = fours > 1 ? level(*++near, *++far) : d;
    bits = dots(bits, c, d, a, t6, t7);
    left = d;
  }
  if ((y & 7) != 7) return;
  ssd1306_write((uint8_t)(y >> 3), PICTURE_COLUMN, pages[filled], PANEL_SIDE);
  filled ^= PICTURE_PAGES - 1;
}

void picture_row(uint8_t row, const int8_t *levels) {
  const int y = row * PICTURE_SCALE;
  if (row > 0) panel_row(y - 1, previous, levels);
  panel_row(y, levels, row > 0 ? previous : levels);
  if (row == PICTURE_SIDE - 1) panel_row(y + 1, levels, levels);
  memcpy(previous, levels, PICTURE_SIDE);
}
