// What a simulated board asks of a chip that runs the die's firmware; one chip_NAME.cpp answers for
// each way to simulate one, and parts.cpp says which part is run by which.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "die/finger.h"
#include "die/panel.h"

namespace thimble::die {

// What the firmware makes known to a debugger (firmware/port.h), in the moment it does.
struct Watch {
  std::function<void(int face, int latent)> face_starts;
  std::function<void()> face_ends;
  std::function<void()> frame_starts;  // of the roll before the face
};

// A chip that was powered up at cycle 0, a panel on its I2C pins, a button on another one.
class Chip {
 public:
  virtual ~Chip() = default;

  // The contact changes at the edges' cycles, which count from now. It is open at power-up.
  virtual void press(const std::vector<Edge> &edges) = 0;
  // Goes on for a millisecond of the chip's time or less; what it sleeps is skipped, not waited
  // for.
  virtual void run() = 0;
  virtual bool is_alive() const = 0;         // neither crashed nor stopped for good
  virtual bool is_powered_down() const = 0;  // asleep so that the button alone can wake it
  virtual std::uint64_t cycle() const = 0;
  virtual std::uint64_t last_byte_cycle() const = 0;  // when the panel had its last byte whole
  // What the firmware did that a real chip or its wires would not bear; empty: nothing.
  virtual std::string problem() const { return {}; }

  virtual std::int64_t stack_bytes() const = 0;  // deepest since power-up
  virtual std::int64_t free_bytes() const = 0;   // of RAM, that data leave the stack
};

}  // namespace thimble::die
