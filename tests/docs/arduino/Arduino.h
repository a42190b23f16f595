// As much of Arduino's core as the sketches of docs/ and of exported libraries ask for: enough to compile and link them.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { A0 = 14, A1, A2 };
int analogRead(int pin);
void delay(unsigned long milliseconds);
unsigned long micros();

struct SerialPort {
  void begin(unsigned long baud);
  void println(const char *text);
};
extern SerialPort Serial;
