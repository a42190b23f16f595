// Registers as in WCH's CH32V003 reference manual, chapters GPIO and AFIO, and EXTI.
#include "emulate/ch32v003/pins.h"

#include <utility>

namespace thimble::emulate::ch32v003 {
namespace {

constexpr std::uint32_t kConfiguration = 0x00, kInput = 0x08, kOutput = 0x0C, kSetReset = 0x10,
                        kReset = 0x14;  // of a port
constexpr std::uint32_t kLines = 0x08;  // of AFIO
constexpr std::uint32_t kEnabled = 0x00, kEvents = 0x04, kRising = 0x08, kFalling = 0x0C,
                        kFlags = 0x14;  // of EXTI

}  // namespace

template <class Change>
void Pins::change_levels(Change change) {
  const std::uint32_t before = line_levels();
  change();
  const std::uint32_t after = line_levels();
  const std::uint32_t edges = (~before & after & rising_) | (before & ~after & falling_);
  flags_ |= edges;
  event_ = event_ || (edges & events_) != 0;
}

bool Pins::take_event() { return std::exchange(event_, false); }

std::uint32_t Pins::line_levels() const {
  std::uint32_t levels = 0;
  for (int pin = 0; pin < 8; ++pin)
    levels |= static_cast<std::uint32_t>(level(lines_ >> 2 * pin & 3, pin)) << pin;
  return levels;
}

void Pins::ground(int port, int pin, bool grounded) {
  change_levels([&] {
    std::uint32_t &pins = ports_.at(port).grounded;
    pins = grounded ? pins | 1u << pin : pins & ~(1u << pin);
  });
}

bool Pins::level(int port, int pin) const {
  const PortState &state = ports_.at(port);
  const std::uint32_t mode = state.configuration >> 4 * pin & 15;
  const bool drives = mode & 3, pulled = mode == 8;
  if (state.grounded >> pin & 1) return false;
  return (drives || pulled) && state.output >> pin & 1;
}

bool Pins::is_open_drain_function(int port, int pin) const {
  const std::uint32_t mode = ports_.at(port).configuration >> 4 * pin & 15;
  return (mode & 12) == 12 && (mode & 3) != 0;
}

bool Pins::read_port(int port, std::uint32_t offset, std::uint32_t &value) const {
  const PortState &state = ports_.at(port);
  switch (offset) {
    case kConfiguration:
      value = state.configuration;
      return true;
    case kInput:
      value = 0;
      for (int pin = 0; pin < 8; ++pin)
        value |= static_cast<std::uint32_t>(level(port, pin)) << pin;
      return true;
    case kOutput:
      value = state.output;
      return true;
    default:
      return false;
  }
}

bool Pins::write_port(int port, std::uint32_t offset, std::uint32_t value) {
  PortState &state = ports_.at(port);
  bool known = true;
  change_levels([&] {
    if (offset == kConfiguration) {
      state.configuration = value;
    } else if (offset == kOutput) {
      state.output = value & 0xFF;
    } else if (offset == kSetReset) {
      state.output = (state.output & ~(value >> 16)) | (value & 0xFF);
    } else if (offset == kReset) {
      state.output &= ~value;
    } else {
      known = false;
    }
  });
  return known;
}

bool Pins::read_afio(std::uint32_t offset, std::uint32_t &value) const {
  value = lines_;
  return offset == kLines;
}

bool Pins::write_afio(std::uint32_t offset, std::uint32_t value) {
  change_levels([&] { lines_ = value & 0xFFFF; });
  return offset == kLines;
}

bool Pins::read_exti(std::uint32_t offset, std::uint32_t &value) const {
  value = offset == kEnabled   ? enabled_
          : offset == kEvents  ? events_
          : offset == kRising  ? rising_
          : offset == kFalling ? falling_
                               : flags_;
  return offset == kEnabled || offset == kEvents || offset == kRising || offset == kFalling ||
         offset == kFlags;
}

bool Pins::write_exti(std::uint32_t offset, std::uint32_t value) {
  if (offset != kFlags && value & ~0xFFu) moment_->report("it uses lines of EXTI that are no pins");
  if (offset == kFlags) {
    flags_ &= ~value;
  } else if (offset == kEnabled) {
    enabled_ = value;
  } else if (offset == kEvents) {
    events_ = value;
  } else if (offset == kRising) {
    rising_ = value;
  } else if (offset == kFalling) {
    falling_ = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace thimble::emulate::ch32v003
