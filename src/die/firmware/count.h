/* How often the die has been rolled since power came, in tiny digits in the panel's upper right
 * corner, beside the picture. */
#ifndef DIE_COUNT_H
#define DIE_COUNT_H

#define COUNT_DIGITS 4 /* after 9999 comes 0 */

/* One more roll. */
void count_roll(void);

#endif
