/* port.h on an ATmega328P at 16 MHz (Arduino UNO, Nano). The button connects PD4 (UNO: pin 4) to
 * ground; the display is on SDA = PC4 (A4) and SCL = PC5 (A5). Timer 1 counts the CPU clock freely,
 * timer 2 ticks every millisecond, and a pin-change interrupt reads timer 1 at every edge of the
 * contact. While a picture is drawn all interrupts but the bus's are off: nothing is missed and the
 * stack stays small. */
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
static const uint8_t *volatile unsent; /* of what goes on while the processor does something else */
static volatile uint8_t unsent_count, sending;

ISR(PCINT2_vect) { edges = random_fold(edges, TCNT1); }

ISR(TIMER2_COMPA_vect) { ticked = 1; }

/* A byte has been sent. */
ISR(TWI_vect) {
  if (unsent_count == 0) {
    TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWSTO);
    sending = 0;
    return;
  }
  --unsent_count;
  const uint8_t *byte = unsent;
  TWDR = *byte;
  unsent = byte + 1;
  TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWIE);
}

static void init(void) {
  PORTD = _BV(BUTTON); /* pull-up */
  PCMSK2 = _BV(PCINT20);
  TCCR1B = _BV(CS10);            /* free running, CPU clock */
  OCR2A = F_CPU / 64 / 1000 - 1; /* every millisecond: */
  TCCR2A = _BV(WGM21);           /* clear on match, */
  TCCR2B = _BV(CS22);            /* clock / 64 */
  TWBR = (F_CPU / BUS_HZ - 16) / 2;
  ACSR = _BV(ACD);                 /* the analog comparator would only draw current */
  set_sleep_mode(SLEEP_MODE_IDLE); /* timers keep running */
  sleep_enable();
}

/* Edges of the button wake the processor too: it goes on sleeping. `sei` takes effect after the
 * next instruction, so no tick can slip in between it and the sleep. */
void port_wait_tick(void) {
  cli();
  PCICR = _BV(PCIE2);
  TIMSK2 = _BV(OCIE2A);
  while (!ticked) {
    sei();
    sleep_cpu();
    _NOP(); /* libsimavr lets a pending interrupt in one instruction later than the chip */
    cli();
  }
  ticked = 0;
}

/* A stop takes 40 cycles, and a page of 64 bytes some 25,000. */
static void wait_for_bus(void) {
  for (uint16_t patience = 8000; patience > 0 && (sending || (TWCR & _BV(TWSTO))); --patience) {
  }
  sending = 0;
}

void port_sleep(void) {
  wait_for_bus();
  cli();
  if (port_button_closed()) return;
  PCICR = _BV(PCIE2);
  TIMSK2 = 0;
  set_sleep_mode(SLEEP_MODE_PWR_DOWN);
  sei();
  sleep_cpu();
  _NOP();
  cli();
  set_sleep_mode(SLEEP_MODE_IDLE);
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
  wait_for_bus();
  bus(_BV(TWSTA));
  port_bus_write((uint8_t)(address << 1));
}

void port_bus_write(uint8_t byte) {
  TWDR = byte;
  bus(0);
}

void port_bus_stop(void) { TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWSTO); }

void port_bus_send(const uint8_t *bytes, uint8_t count) {
  PCICR = 0; /* until port_wait_tick */
  TIMSK2 = 0;
  unsent_count = (uint8_t)(count - 1);
  unsent = bytes + 1;
  sending = 1;
  TWDR = *bytes;
  TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWIE);
  sei();
}

void port_frame_starts(void) { GPIOR2 = 2; }

void port_face_starts(uint8_t face, int8_t latent) {
  GPIOR0 = face;
  GPIOR1 = (uint8_t)latent;
  GPIOR2 = 1;
}

void port_face_ends(void) {
  wait_for_bus();
  GPIOR2 = 0;
}

int main(void) {
  init();
  die_start();
  for (;;) die_roll();
}
