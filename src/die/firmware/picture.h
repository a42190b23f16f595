/* From the network's rows to the panel: a picture of 32x32 grey levels, handed over row by row, is
 * enlarged to 64x64 and dithered to single bits while it goes out, a page as soon as its eight rows
 * are there. There is no frame buffer: 96 bytes hold the page and the row before. */
#ifndef DIE_PICTURE_H
#define DIE_PICTURE_H

#include <stdint.h>

#define PICTURE_SIDE 32   /* rows and columns of the network's picture */
#define PICTURE_SCALE 2   /* panel pixels a picture pixel, each way */
#define PICTURE_COLUMN 32 /* of the panel, where the picture starts: in the middle */

/* Row `row` (0 to 31, in order), grey levels -128 (dark) to 127 (lit). */
void picture_row(uint8_t row, const int8_t *levels);

#endif
