// The system timer of a QingKe V2A core (SysTick): 32 bits upwards, a flag when it reaches a
// number.
#pragma once

#include "emulate/ch32v003/time.h"

namespace thimble::emulate::ch32v003 {

class Timer {
 public:
  explicit Timer(Moment *moment) : moment_(moment) {}

  bool read(std::uint32_t offset, std::uint32_t &value) const;
  bool write(std::uint32_t offset, std::uint32_t value);

  Ticks alarm() const { return alarm_; }  // when it reaches the number
  void ring();                            // it is that time
  bool asks() const;                      // for its interrupt

  // Its clock changes or stops: `before` it does, and after it has.
  void halt();
  void go_on();

 private:
  std::uint32_t count() const;
  Ticks step() const;  // between two counts
  void plan();

  Moment *moment_;
  std::uint32_t control_ = 0, compare_ = 0, base_ = 0;  // base_: the count at since_
  Ticks since_ = 0, alarm_ = kNever;
  bool reached_ = false, halted_ = false;
};

}  // namespace thimble::emulate::ch32v003
