// Names gestures: an analog accelerometer (ADXL335) on A0, A1, A2, and the network of docs/tour.md.
#include <gesture.h>

static const char *const kNames[] = {"circle", "shake", "knock", "lift", "rest"};
static const int kMillisecondsEach = 10;

// g of one axis: the sensor gives 1.65 V at rest and 0.33 V more a g, the UNO 1024 steps of 5 V.
static float read_axis(int pin) { return (analogRead(pin) * (5.0f / 1024) - 1.65f) / 0.33f; }

void setup() { Serial.begin(115200); }

void loop() {
  int8_t *input = gesture_input(0);
  for (int i = 0; i < GESTURE_IN0_ROWS; ++i) {
    for (int axis = 0; axis < 3; ++axis) {
      input[GESTURE_IN0_CHANNELS * i + axis] = GESTURE_QUANTIZE_IN0(read_axis(A0 + axis));
    }
    delay(kMillisecondsEach);
  }
  gesture_run();
  const int8_t *scores = gesture_output(0);
  int best = 0;
  for (int i = 1; i < GESTURE_OUT0_CHANNELS; ++i) {
    if (scores[i] > scores[best]) best = i;
  }
  Serial.println(kNames[best]);
}
