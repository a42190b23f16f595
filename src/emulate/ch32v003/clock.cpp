// Registers as in WCH's CH32V003 reference manual, chapters RCC, FLASH and PWR.
#include "emulate/ch32v003/clock.h"

namespace thimble::emulate::ch32v003 {
namespace {

constexpr std::uint32_t kCtlr = 0x00, kCfgr0 = 0x04, kApb2 = 0x18, kApb1 = 0x1C;  // of RCC
constexpr std::uint32_t kInternalOn = 1u << 0, kInternalReady = 1u << 1, kPllOn = 1u << 24,
                        kPllReady = 1u << 25, kTrim = 0xFFF8;
constexpr Ticks kPllStart = kTicksPerSecond / 10'000;  // 100 us; none is given

// HPRE: 0 to 7 divide by 1 to 8, 8 to 15 by 2 to 256.
Ticks divisor(std::uint32_t field) { return field < 8 ? field + 1 : Ticks{2} << (field - 8); }

}  // namespace

void Clock::update() {
  moment_->cycle = (from_pll_ ? 2 : 4) * divisor(divider_);
  if (hclk_hz() > 24'000'000 && latency_ == 0)
    moment_->report("it runs faster than 24 MHz without a wait state of the flash");
}

bool Clock::read_rcc(std::uint32_t offset, std::uint32_t &value) const {
  switch (offset) {
    case kCtlr:
      value = kInternalOn | kInternalReady | 0x80 | (pll_on_ ? kPllOn : 0) |
              (pll_on_ && moment_->now >= pll_ready_ ? kPllReady : 0);
      return true;
    case kCfgr0:
      value = divider_ << 4 | (from_pll_ ? 0xA : 0);  // SW and SWS
      return true;
    case kApb2:
      value = apb2_;
      return true;
    case kApb1:
      value = apb1_;
      return true;
    default:
      return false;
  }
}

bool Clock::write_rcc(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case kCtlr:
      if (!(value & kInternalOn) ||
          value & ~(kInternalOn | kInternalReady | kPllOn | kPllReady | kTrim))
        moment_->report("it sets up an oscillator that the board does not have");
      if (!pll_on_ && value & kPllOn) pll_ready_ = moment_->now + kPllStart;
      pll_on_ = value & kPllOn;
      if (from_pll_ && !pll_on_) moment_->report("it turns off the PLL that clocks it");
      return true;
    case kCfgr0:
      if ((value & 3) == 1 || (value & 3) == 3 || value & ~0xFFu)
        moment_->report("it chooses a clock that the board does not have");
      if ((value & 3) == 2 && !(pll_on_ && moment_->now >= pll_ready_))
        moment_->report("it is clocked by a PLL that is not ready");
      from_pll_ = (value & 3) == 2;
      divider_ = value >> 4 & 15;
      update();
      return true;
    case kApb2:
      apb2_ = value;
      return true;
    case kApb1:
      apb1_ = value;
      return true;
    default:
      return false;
  }
}

bool Clock::read_flash(std::uint32_t offset, std::uint32_t &value) const {
  value = latency_;
  return offset == 0;
}

bool Clock::write_flash(std::uint32_t offset, std::uint32_t value) {
  latency_ = value & 3;
  update();
  return offset == 0;
}

bool Clock::read_power(std::uint32_t offset, std::uint32_t &value) const {
  value = standby_ ? 2 : 0;
  return offset == 0;
}

bool Clock::write_power(std::uint32_t offset, std::uint32_t value) {
  standby_ = value & 2;
  return offset == 0 && (value & ~2u) == 0;
}

void Clock::wake_from_standby() {
  pll_on_ = from_pll_ = false;
  pll_ready_ = kNever;
  update();
}

}  // namespace thimble::emulate::ch32v003
