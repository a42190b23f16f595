// The I2C unit of a CH32V003 as a master that sends, at the rate that its registers set, with one
// device on its wires.
#pragma once

#include <functional>

#include "emulate/ch32v003/time.h"

namespace thimble::emulate::ch32v003 {

// What hangs on the wires. `write`: a byte after a start (the address first); true: acknowledged.
struct I2cDevice {
  std::function<void()> start;
  std::function<bool(std::uint8_t byte)> write;
  std::function<void()> stop;
};

class I2c {
 public:
  // `wires_are_up`: the pins are set up for it.
  I2c(Moment *moment, I2cDevice device, std::function<bool()> wires_are_up)
      : moment_(moment), device_(std::move(device)), wires_are_up_(std::move(wires_are_up)) {}

  bool read(std::uint32_t offset, std::uint32_t &value);
  bool write(std::uint32_t offset, std::uint32_t value);

  Ticks alarm() const { return alarm_; }  // when what is on the wires ends
  void ring();
  bool asks_for_event() const;
  bool asks_for_error() const;
  bool is_idle() const { return action_ == Action::kNone && !master_; }
  Ticks last_byte() const { return last_byte_; }  // when its last bit was sent

 private:
  enum class Action { kNone, kStart, kByte, kStop };

  void control(std::uint32_t value);
  void give(std::uint8_t byte);
  void begin(Action action);
  void go_on();
  void start_sent();
  void byte_sent();
  void stop_sent();
  Ticks bit() const;
  bool txe() const;

  Moment *moment_;
  I2cDevice device_;
  std::function<bool()> wires_are_up_;
  std::uint32_t control1_ = 0, control2_ = 0, clock_ = 0, state_ = 0;  // state_: STAR1 without TxE
  bool master_ = false;                                                // from a start to its stop
  bool addressed_ = false;  // ADDR was there and has been cleared
  bool start_wanted_ = false, stop_wanted_ = false;
  bool held_full_ = false, state_read_ = false;
  std::uint8_t shifting_ = 0, held_ = 0;  // the byte on the wires, and the next one
  Action action_ = Action::kNone;
  Ticks alarm_ = kNever, last_byte_ = 0;
};

}  // namespace thimble::emulate::ch32v003
