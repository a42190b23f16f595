/* The die: a button is pressed, a face is rolled and drawn by the network. Portable; see die_app.c.
 */
#ifndef DIE_APP_H
#define DIE_APP_H

/* Once, after the port is up. */
void die_start(void);

/* One roll: waits until the button has been pressed and let go, rolls, shows the face. */
void die_roll(void);

#endif
