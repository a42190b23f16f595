/* port.h on an ATtiny85 at 16 MHz (its PLL; fuses: low 0xF1). The button connects PB4 to ground;
 * the display is on SDA = PB0 and SCL = PB2, whose wires are driven by hand: a pin is an output
 * that is low, or an input that the module's resistor pulls up. Timer 0 counts to 250 in a
 * millisecond, which is the tick, and a pin-change interrupt reads it at every edge of the contact.
 * Interrupts are off but in port_wait_tick and port_sleep: the stack stays small. */
#include <avr/cpufunc.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

#include "die_app.h"
#include "port.h"
#include "random.h"

#ifndef F_CPU
#define F_CPU 16000000UL
#endif
#define SDA PB0
#define SCL PB2
#define BUTTON PB4

static volatile uint16_t edges;
#define ticked GPIOR0 /* in a register that no debugger reads while it is awaited */

ISR(PCINT0_vect) { edges = random_fold(edges, TCNT0); }

ISR(TIMER0_COMPA_vect) { ticked = 1; }

static void init(void) {
  PORTB = _BV(BUTTON); /* pull-up; SDA and SCL are low whenever they are outputs */
  PCMSK = _BV(BUTTON);
  GIMSK = _BV(PCIE);
  OCR0A = F_CPU / 64 / 1000 - 1;  /* every millisecond: */
  TCCR0A = _BV(WGM01);            /* clear on match, */
  TCCR0B = _BV(CS01) | _BV(CS00); /* clock / 64 */
  TIMSK = _BV(OCIE0A);
  ACSR = _BV(ACD); /* the analog comparator would only draw current */
}

/* `sei` takes effect after the next instruction: no interrupt slips in between it and the sleep. */
static void sleep(uint8_t mode) {
  MCUCR = (uint8_t)(_BV(SE) | mode);
  sei();
  sleep_cpu();
  _NOP(); /* libsimavr lets a pending interrupt in one instruction later than the chip */
  cli();
}

void port_wait_tick(void) {
  ticked = 0;
  while (!ticked) sleep(SLEEP_MODE_IDLE); /* timers keep running; edges wake it too */
}

void port_sleep(void) {
  if (port_button_closed()) return;
  TIMSK = 0;
  sleep(SLEEP_MODE_PWR_DOWN);
  TIMSK = _BV(OCIE0A);
}

uint8_t port_button_closed(void) { return !(PINB & _BV(BUTTON)); }

uint16_t port_take_edges(void) { return edges; }

/* 400 kHz: 40 cycles a bit, 27 of them with the clock low (1.3 us at least, 21) and 13 high (0.6
 * us, 10). The ninth bit is the panel's answer, for which SDA is let go: ones follow the byte's
 * bits. It is not asked what it says. */
void port_bus_write(uint8_t byte) {
  uint8_t bits = 9, wait;
  __asm__ volatile(
      "1:\n"
      "sbrc %[byte], 7\n"
      "cbi %[ddr], %[sda]\n"
      "sbrs %[byte], 7\n"
      "sbi %[ddr], %[sda]\n"
      "sec\n"
      "rol %[byte]\n"
      "ldi %[wait], 5\n"
      "2:\n"
      "dec %[wait]\n"
      "brne 2b\n"
      "cbi %[ddr], %[scl]\n"
      "ldi %[wait], 3\n"
      "3:\n"
      "dec %[wait]\n"
      "brne 3b\n"
      "rjmp .+0\n"
      "sbi %[ddr], %[scl]\n"
      "dec %[bits]\n"
      "brne 1b\n"
      : [byte] "+r"(byte), [bits] "+r"(bits), [wait] "=&d"(wait)
      : [ddr] "I"(_SFR_IO_ADDR(DDRB)), [sda] "I"(SDA), [scl] "I"(SCL)
      : "cc");
}

void port_bus_start(uint8_t address) {
  DDRB |= _BV(SDA);
  __builtin_avr_delay_cycles(10);
  DDRB |= _BV(SCL);
  __builtin_avr_delay_cycles(10);
  port_bus_write((uint8_t)(address << 1));
}

void port_bus_stop(void) {
  DDRB |= _BV(SDA);
  __builtin_avr_delay_cycles(20);
  DDRB &= (uint8_t)~_BV(SCL);
  __builtin_avr_delay_cycles(10);
  DDRB &= (uint8_t)~_BV(SDA);
  __builtin_avr_delay_cycles(20);
}

void port_bus_send(const uint8_t *bytes, uint8_t count) {
  do port_bus_write(*bytes++);
  while (--count != 0);
  port_bus_stop();
}

void port_frame_starts(void) { GPIOR2 = 2; }

void port_face_starts(uint8_t face, int8_t latent) {
  GPIOR0 = face;
  GPIOR1 = (uint8_t)latent;
  GPIOR2 = 1;
}

void port_face_ends(void) { GPIOR2 = 0; }

int main(void) {
  init();
  die_start();
  for (;;) die_roll();
}
