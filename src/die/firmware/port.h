/* What the die asks of a chip; one port_CHIP.c answers. Nothing else of the firmware knows
 * registers.
 *
 * Time is a 1 ms tick that the processor sleeps towards, and a free-running counter of the CPU
 * clock that is read only where the button's contact changes: when that happens is what nobody can
 * predict. */
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

/* Sleeps until the next millisecond begins. */
void port_wait_tick(void);

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

/* Makes known to a debugger what is going on: the rolled face (1 to 6) and the latent (quantized)
 * when its drawing starts, and that it has ended. */
void port_face_starts(uint8_t face, int8_t latent);
void port_face_ends(void);

#endif
