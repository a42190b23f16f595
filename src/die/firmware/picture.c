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

#define PANEL_SIDE (PICTURE_SIDE * PICTURE_SCALE)

/* Bayer's matrix times 4, plus 2: level 255 lights every pixel, level 0 none. */
static const uint8_t thresholds[8][8] PORT_FLASH = {
    {2, 130, 34, 162, 10, 138, 42, 170},  {194, 66, 226, 98, 202, 74, 234, 106},
    {50, 178, 18, 146, 58, 186, 26, 154}, {242, 114, 210, 82, 250, 122, 218, 90},
    {14, 142, 46, 174, 6, 134, 38, 166},  {206, 78, 238, 110, 198, 70, 230, 102},
    {62, 190, 30, 158, 54, 182, 22, 150}, {254, 126, 222, 94, 246, 118, 214, 86},
};

static int8_t previous[PICTURE_SIDE]; /* the row before the one that has arrived */
static uint8_t pages[2][PANEL_SIDE];  /* panel rows come in at the top bit and move down; */
static uint8_t filled;                /* one page fills while the other one is sent */

static uint8_t level(int8_t near, int8_t far) {
  return port_blend((uint8_t)near ^ 0x80, (uint8_t)far ^ 0x80);
}

/* Panel row `y` (0 to 63), between the picture rows `near` and `far`. */
static void panel_row(int y, const int8_t *near, const int8_t *far) {
  const uint8_t *threshold = thresholds[y & 7];
  uint8_t *bits = pages[filled];
  uint8_t here = level(*near, *far), left = here;
  for (uint8_t columns_left = PICTURE_SIDE; columns_left > 0; --columns_left) {
    const uint8_t right = columns_left > 1 ? level(*++near, *++far) : here;
    bits[0] = port_shift_in(bits[0], PORT_READ_U8(threshold), port_blend(here, left));
    bits[1] = port_shift_in(bits[1], PORT_READ_U8(threshold + 1), port_blend(here, right));
    bits += 2;
    threshold += (columns_left & 3) == 1 ? -6 : 2; /* eight dots, and again */
    left = here;
    here = right;
  }
  if ((y & 7) != 7) return;
  ssd1306_write((uint8_t)(y >> 3), PICTURE_COLUMN, pages[filled], PANEL_SIDE);
  filled ^= 1;
}

void picture_row(uint8_t row, const int8_t *levels) {
  const int y = row * PICTURE_SCALE;
  if (row > 0) panel_row(y - 1, previous, levels);
  panel_row(y, levels, row > 0 ? previous : levels);
  if (row == PICTURE_SIDE - 1) panel_row(y + 1, levels, levels);
  memcpy(previous, levels, PICTURE_SIDE);
}
