#include "Arduino.h"

int analogRead(int pin) { return 338 + pin; }
void delay(unsigned long) {}
unsigned long micros() { return 0; }
SerialPort Serial;
void SerialPort::begin(unsigned long) {}
void SerialPort::println(const char *) {}
void setup();
void loop();
int main() {
  setup();
  for (;;) loop();
}
