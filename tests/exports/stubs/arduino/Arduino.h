// As much of an Arduino core as the exported sketches call: on an ATmega328P's UART, or on stdout where there is none.
#pragma once

#include <stdint.h>

#ifdef __AVR__
#include <avr/pgmspace.h>
class __FlashStringHelper;
#define F(text) (reinterpret_cast<const __FlashStringHelper *>(PSTR(text)))
#else
#define F(text) (text)
#endif

class SerialPort {
 public:
  void begin(unsigned long baud);
  explicit operator bool() const { return true; }
  void print(const char *text);
#ifdef __AVR__
  void print(const __FlashStringHelper *text);
#endif
  void print(char c);
  void print(int number);
  void print(unsigned long number);
  void print(double number, int digits);
  void println() { print("\r\n"); }
  template <class T>
  void println(T value) {
    print(value);
    println();
  }
};
extern SerialPort Serial;

enum { A0 = 14, A1, A2 };
int analogRead(int pin);  // 0 to 1023
unsigned long micros();
void delay(unsigned long milliseconds);
void setup();
void loop();
