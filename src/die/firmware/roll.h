/* How the die rolls: what depends on the part and on the network. `thimble die` measures and writes
 * it anew. */
#ifndef DIE_ROLL_H
#define DIE_ROLL_H

#ifndef DIE_ROLLING_FRAMES
#define DIE_ROLLING_FRAMES 6 /* drawn before the face; 0: none */
#endif

#endif
