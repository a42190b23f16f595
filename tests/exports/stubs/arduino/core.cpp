#include "Arduino.h"

#include <stdio.h>

#ifdef __AVR__
#include <avr/io.h>
static void put(char c) {
  while (!(UCSR0A & (1 << UDRE0))) {
  }
  UDR0 = c;
}
void SerialPort::begin(unsigned long) { UCSR0B = 1 << TXEN0; }
void SerialPort::print(const __FlashStringHelper *text) {
  const char *at = reinterpret_cast<const char *>(text);
  for (char c; (c = pgm_read_byte(at)) != 0; ++at) put(c);
}
#else
static void put(char c) { putchar(c); }
void SerialPort::begin(unsigned long) {}
#endif

SerialPort Serial;

void SerialPort::print(const char *text) {
  for (; *text; ++text) put(*text);
}
void SerialPort::print(char c) { put(c); }
void SerialPort::print(int number) {
  char text[12];
  snprintf(text, sizeof text, "%d", number);
  print(text);
}
void SerialPort::print(unsigned long number) {
  char text[12];
  snprintf(text, sizeof text, "%lu", number);
  print(text);
}
void SerialPort::print(double number, int digits) {
  char text[40];
#ifdef __AVR__
  (void)digits;
  snprintf(text, sizeof text, "%d", (int)number);
#else
  snprintf(text, sizeof text, "%.*f", digits, number);
#endif
  print(text);
}

int analogRead(int pin) { return 338 + pin; }
unsigned long micros() { return 0; }
void delay(unsigned long) {}

int main() {
  setup();
  loop();
  Serial.println("end");
#ifdef __AVR__
  for (;;) {
  }
#endif
}
