// Pins of a CH32V003 (ports A, C and D), which of them are interrupt lines (AFIO), and the edges
// that ask for an interrupt (EXTI).
#pragma once

#include <array>

#include "emulate/ch32v003/time.h"

namespace thimble::emulate::ch32v003 {

enum Port { kPortA = 0, kPortC = 2, kPortD = 3 };

class Pins {
 public:
  explicit Pins(Moment *moment) : moment_(moment) {}

  bool read_port(int port, std::uint32_t offset, std::uint32_t &value) const;
  bool write_port(int port, std::uint32_t offset, std::uint32_t value);
  bool read_afio(std::uint32_t offset, std::uint32_t &value) const;
  bool write_afio(std::uint32_t offset, std::uint32_t value);
  bool read_exti(std::uint32_t offset, std::uint32_t &value) const;
  bool write_exti(std::uint32_t offset, std::uint32_t value);

  // Something outside ties the pin to ground, or lets go of it.
  void ground(int port, int pin, bool grounded);
  bool level(int port, int pin) const;  // nothing else pulls: a floating pin reads low
  bool is_open_drain_function(int port, int pin) const;  // set up for a unit that shares its wire
  bool take_event();                                     // true once after an edge that is an event
  bool asks() const { return (flags_ & enabled_) != 0; }  // for the interrupt of lines 0 to 7

 private:
  struct PortState {
    std::uint32_t configuration = 0x44444444, output = 0, grounded = 0;
  };
  // Calls `change`, then flags the lines whose level has become another one.
  template <class Change>
  void change_levels(Change change);
  std::uint32_t line_levels() const;

  Moment *moment_;
  std::array<PortState, 4> ports_{};
  std::uint32_t lines_ = 0;  // EXTICR
  std::uint32_t enabled_ = 0, events_ = 0, rising_ = 0, falling_ = 0, flags_ = 0;
  bool event_ = false;
};

}  // namespace thimble::emulate::ch32v003
