// Registers and the order of events as in WCH's CH32V003 reference manual, chapter I2C, "master
// transmitter". A start and a stop take the time of one bit, a byte that of nine.
#include "emulate/ch32v003/i2c.h"

namespace thimble::emulate::ch32v003 {
namespace {

constexpr std::uint32_t kControl1 = 0x00, kControl2 = 0x04, kData = 0x10, kState1 = 0x14,
                        kState2 = 0x18, kClock = 0x1C;
constexpr std::uint32_t kEnable = 1u << 0, kStart = 1u << 8, kStop = 1u << 9;  // of CTLR1
constexpr std::uint32_t kErrorInterrupt = 1u << 8, kEventInterrupt = 1u << 9,
                        kBufferInterrupt = 1u << 10;  // of CTLR2
constexpr std::uint32_t kStarted = 1u << 0, kAddressed = 1u << 1, kFinished = 1u << 2,
                        kFree = 1u << 7, kRefused = 1u << 10;                  // of STAR1
constexpr std::uint32_t kMaster = 1u << 0, kBusy = 1u << 1, kSends = 1u << 2;  // of STAR2
constexpr Ticks kFastestBit = kTicksPerSecond / 400'000;  // of the bus, and of the panel

}  // namespace

Ticks I2c::bit() const {
  const std::uint32_t fast = clock_ >> 15 & 1, wide = clock_ >> 14 & 1;
  return moment_->cycle * (clock_ & 0xFFF) * (fast ? (wide ? 25 : 3) : 2);
}

bool I2c::txe() const { return master_ && addressed_ && !held_full_; }

void I2c::begin(Action action) {
  action_ = action;
  alarm_ = moment_->now + bit() * (action == Action::kByte ? 9 : 1);
  if (bit() < kFastestBit) moment_->report("its I2C bus is faster than 400 kHz");
}

// What comes after the end of something, or at once where nothing is on the wires.
void I2c::go_on() {
  if (action_ != Action::kNone) return;
  if (stop_wanted_ && master_) return begin(Action::kStop);
  if (start_wanted_) return begin(Action::kStart);
  if (held_full_ && addressed_) {
    held_full_ = false;
    shifting_ = held_;
    begin(Action::kByte);
  }
}

void I2c::control(std::uint32_t value) {
  if (value & ~(kEnable | kStart | kStop))
    moment_->report("it asks of I2C what the board does not have");
  control1_ = value & kEnable;
  if (!(value & kEnable)) return;
  if (value & kStart) {
    if ((control2_ & 63) * 1'000'000 * moment_->cycle != kTicksPerSecond)
      moment_->report("I2C has not been told the clock it runs at");
    if (!wires_are_up_()) moment_->report("the pins of I2C are not its open-drain outputs");
    start_wanted_ = true;
  }
  if (value & kStop) {
    if (held_full_) moment_->report("it stops I2C before its last byte is on the wires");
    stop_wanted_ = master_;
  }
  go_on();
}

// A byte is written to DATAR.
void I2c::give(std::uint8_t byte) {
  if (state_ & kStarted && state_read_) {
    state_ &= ~kStarted;
    shifting_ = byte;
    begin(Action::kByte);
  } else if (txe() && !(state_ & kRefused)) {
    state_ &= ~kFinished;
    held_ = byte;
    held_full_ = true;
    go_on();
  } else {
    moment_->report("it gives I2C a byte that it cannot take");
  }
}

void I2c::ring() {
  const Action ended = action_;
  action_ = Action::kNone;
  alarm_ = kNever;
  if (ended == Action::kStart) start_sent();
  if (ended == Action::kByte) byte_sent();
  if (ended == Action::kStop) stop_sent();
  go_on();
}

void I2c::start_sent() {
  start_wanted_ = false;
  master_ = true;
  addressed_ = state_read_ = held_full_ = false;
  state_ = kStarted;
  device_.start();
}

void I2c::byte_sent() {
  last_byte_ = moment_->now;
  if (!device_.write(shifting_)) {
    state_ |= kRefused;
    held_full_ = false;
  } else if (!addressed_) {
    state_ |= kAddressed;
    state_read_ = false;
  } else if (!held_full_) {
    state_ |= kFinished;
  }
}

void I2c::stop_sent() {
  stop_wanted_ = master_ = addressed_ = held_full_ = false;
  state_ &= kRefused;
  device_.stop();
}

bool I2c::asks_for_event() const {
  if (!(control2_ & kEventInterrupt)) return false;
  return (state_ & (kStarted | kAddressed | kFinished)) || (control2_ & kBufferInterrupt && txe());
}

bool I2c::asks_for_error() const { return control2_ & kErrorInterrupt && state_ & kRefused; }

bool I2c::read(std::uint32_t offset, std::uint32_t &value) {
  switch (offset) {
    case kControl1:
      value = control1_ | (start_wanted_ ? kStart : 0) | (stop_wanted_ ? kStop : 0);
      return true;
    case kControl2:
      value = control2_;
      return true;
    case kState1:
      state_read_ = true;
      value = state_ | (txe() ? kFree : 0);
      return true;
    case kState2:
      value = (master_ ? kMaster | kBusy | kSends : 0);
      if (state_read_ && state_ & kAddressed) {
        state_ &= ~kAddressed;
        addressed_ = true;
      }
      return true;
    case kClock:
      value = clock_;
      return true;
    default:
      return false;
  }
}

bool I2c::write(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case kControl1:
      control(value);
      return true;
    case kControl2:
      control2_ = value;
      return (value & ~(63u | kErrorInterrupt | kEventInterrupt | kBufferInterrupt)) == 0;
    case kData:
      give(static_cast<std::uint8_t>(value));
      return true;
    case kState1:
      if (!(value & kRefused)) state_ &= ~kRefused;
      return true;
    case kClock:
      if (control1_ & kEnable) moment_->report("it changes the rate of I2C while that is on");
      clock_ = value;
      return true;
    default:
      return false;
  }
}

}  // namespace thimble::emulate::ch32v003
