/* port.h on an ATmega328P at 16 MHz (Arduino UNO, Nano). The button connects PD4 (UNO: pin 4) to
 * ground; the display is on SDA = PC4 (A4) and SCL = PC5 (A5). Timer 1 counts the CPU clock freely,
 * timer 2 ticks every millisecond, and a pin-change interrupt reads timer 1 at every edge of the
 * contact. While a picture is drawn all interrupts are off: nothing is missed and the stack stays
 * small. */
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
#define BUS_HZ 400000UL
#define BUTTON PD4

static volatile uint16_t edges;
static volatile uint8_t ticked;

ISR(PCINT2_vect) { edges = random_fold(edges, TCNT1); }

ISR(TIMER2_COMPA_vect) { ticked = 1; }

static void init(void) {
  PORTD = _BV(BUTTON); /* pull-up */
  PCMSK2 = _BV(PCINT20);
  PCICR = _BV(PCIE2);
  TCCR1B = _BV(CS10);            /* free running, CPU clock */
  OCR2A = F_CPU / 64 / 1000 - 1; /* every millisecond: */
  TCCR2A = _BV(WGM21);           /* clear on match, */
  TCCR2B = _BV(CS22);            /* clock / 64 */
  TIMSK2 = _BV(OCIE2A);
  TWBR = (F_CPU / BUS_HZ - 16) / 2;
  ACSR = _BV(ACD);                 /* the analog comparator would only draw current */
  set_sleep_mode(SLEEP_MODE_IDLE); /* timers keep running */
  sleep_enable();
}

/* Edges of the button wake the processor too: it goes on sleeping. `sei` takes effect after the
 * next instruction, so no tick can slip in between it and the sleep. */
void port_wait_tick(void) {
  while (!ticked) {
    sei();
    sleep_cpu();
    _NOP(); /* libsimavr lets a pending interrupt in one instruction later than the chip */
    cli();
  }
  ticked = 0;
}

uint8_t port_button_closed(void) { return !(PIND & _BV(BUTTON)); }

uint16_t port_take_edges(void) { return edges; }

/* Starts what `control` says and waits for its end, at most some 1,200 cycles: a byte takes 360. */
static void bus(uint8_t control) {
  TWCR = _BV(TWINT) | _BV(TWEN) | control;
  for (uint8_t patience = 255; patience > 0 && !(TWCR & _BV(TWINT)); --patience) {
  }
}

void port_bus_start(uint8_t address) {
  bus(_BV(TWSTA));
  port_bus_write((uint8_t)(address << 1));
}

void port_bus_write(uint8_t byte) {
  TWDR = byte;
  bus(0);
}

void port_bus_stop(void) {
  TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWSTO);
  for (uint8_t patience = 255; patience > 0 && (TWCR & _BV(TWSTO)); --patience) {
  }
}

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
