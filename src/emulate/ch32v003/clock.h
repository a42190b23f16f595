// The clocks of a CH32V003: internal oscillator, PLL, divider, which units are clocked (RCC), flash
// wait states, and the standby of PWR. What the die uses; the rest is reported as missing.
#pragma once

#include "emulate/ch32v003/time.h"

namespace thimble::emulate::ch32v003 {

class Clock {
 public:
  explicit Clock(Moment *moment) : moment_(moment) {}

  // Reset and clock control; flash; power. Offsets from each one's base; false: no such register.
  bool read_rcc(std::uint32_t offset, std::uint32_t &value) const;
  bool write_rcc(std::uint32_t offset, std::uint32_t value);
  bool read_flash(std::uint32_t offset, std::uint32_t &value) const;
  bool write_flash(std::uint32_t offset, std::uint32_t value);
  bool read_power(std::uint32_t offset, std::uint32_t &value) const;
  bool write_power(std::uint32_t offset, std::uint32_t value);

  bool has_apb1(int bit) const { return apb1_ >> bit & 1; }  // the unit of that bit is clocked
  bool has_apb2(int bit) const { return apb2_ >> bit & 1; }
  bool deep_sleep_is_standby() const { return standby_; }
  std::int64_t hclk_hz() const {
    return static_cast<std::int64_t>(kTicksPerSecond / moment_->cycle);
  }

  // The oscillators were off: on with the internal one, the PLL is not.
  void wake_from_standby();

 private:
  void update();

  Moment *moment_;
  bool pll_on_ = false, from_pll_ = false, standby_ = false;
  Ticks pll_ready_ = kNever;
  std::uint32_t divider_ = 2;  // HPRE
  std::uint32_t apb1_ = 0, apb2_ = 0, latency_ = 0;
};

}  // namespace thimble::emulate::ch32v003
