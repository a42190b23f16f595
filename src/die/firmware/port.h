/* What the die asks of a chip; one port_CHIP.c answers. Nothing else of the firmware knows
 * registers.
 *
 * Between rolls the chip sleeps until the button moves. While it is awake, time is a 1 ms tick that
 * the processor sleeps towards, and a counter of the CPU clock that is read only where
 * the button's contact changes: when that happens is what nobody can predict. */
#ifndef DIE_PORT_H
#define DIE_PORT_H

#include <stdint.h>

/* Constant tables live in flash and are read through PORT_READ_U8. */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define PORT_FLASH PROGMEM
#define PORT_READ_U8(p) pgm_read_byte(p)
#else
#define PORT_FLASH
#define PORT_READ_U8(p) (*(p))
#endif

/* 3/4 near + 1/4 far, rounded; and the byte at `bits` moved down by one, its new top bit 1 where
 * `level` exceeds `threshold`: the next byte's place. C has no word for the carry that makes them a
 * few instructions. */
#ifdef __AVR__
static inline uint8_t port_blend(uint8_t near, uint8_t far) {
  __asm__("add %0, %1\n\tror %0\n\tsec\n\tadc %0, %1\n\tror %0" : "+r"(far) : "r"(near));
  return far;
}
static inline uint8_t *port_shift_in(uint8_t *bits, uint8_t threshold, uint8_t level) {
  __asm__ volatile("ld __tmp_reg__, %a0\n\tcp %1, %2\n\tror __tmp_reg__\n\tst %a0+, __tmp_reg__"
                   : "+e"(bits)
                   : "r"(threshold), "r"(level)
                   : "memory");
  return bits;
}
#else
static inline uint8_t port_blend(uint8_t near, uint8_t far) {
  return (uint8_t)((3u * near + far + 2u) >> 2);
}
static inline uint8_t *port_shift_in(uint8_t *bits, uint8_t threshold, uint8_t level) {
  *bits = (uint8_t)(*bits >> 1 | (level > threshold ? 0x80 : 0));
  return bits + 1;
}
#endif

/* Sleeps until the next millisecond begins. */
void port_wait_tick(void);

/* Sleeps with all clocks stopped, until the contact changes; not at all if it is closed. */
void port_sleep(void);

/* 1 while the contact of the button is closed at this moment, bounces included. */
uint8_t port_button_closed(void);

/* The counter at every change of the contact since the last call, folded by random_fold. */
uint16_t port_take_edges(void);

/* I2C master: a transaction is start (with the 7-bit address, to write), bytes, stop. A device that
 * does not answer loses the bytes; nothing hangs. */
void port_bus_start(uint8_t address);
void port_bus_write(uint8_t byte);
void port_bus_stop(void);

/* Sends `count` bytes, at least one, and the stop while the processor goes on; until the next start
 * the bytes must stay as they are. That start, of another transaction, waits for the stop. */
void port_bus_send(const uint8_t *bytes, uint8_t count);

/* Makes known to a debugger what is going on: that a frame of the roll starts; the rolled face (1
 * to 6) and the latent (quantized) when its drawing starts, and that it has ended. */
void port_frame_starts(void);
void port_face_starts(uint8_t face, int8_t latent);
void port_face_ends(void);

#endif
