// Times are those of the SSD1306's data sheet, table 13-6 ("I2C interface timing characteristics").
#include "die/wires.h"

#include <fmt/format.h>

namespace thimble::die {
namespace {

constexpr double kPeriod = 2.5, kLow = 1.3, kHigh = 0.6, kStartHold = 0.6, kStopSetup = 0.6,
                 kDataSetup = 0.1, kIdle = 1.3;  // microseconds

}  // namespace

void Wires::hold(std::uint64_t cycle, std::uint64_t since, double microseconds, const char *name) {
  const double passed = static_cast<double>(cycle - since) * 1e6 / static_cast<double>(clock_hz_);
  if (!silent_ && problem_.empty() && passed < microseconds - 1e-9)
    problem_ = fmt::format("I2C: {} lasts {:.2f} us, the panel needs {:.2f} us", name, passed,
                           microseconds);
}

void Wires::chip(std::uint64_t cycle, bool scl, bool sda) {
  // Data before clock: both may change in one instruction.
  if (sda != chip_sda_) {
    chip_sda_ = sda;
    if (scl_ && scl && !panel_pulls_) start_or_stop(cycle, sda);
    sda_changed_ = cycle;
    silent_ = false;
  }
  if (scl != scl_) {
    scl_ = scl;
    scl ? scl_rises(cycle) : scl_falls(cycle);
    silent_ = false;
  }
}

void Wires::start_or_stop(std::uint64_t cycle, bool stop) {
  if (stop) {
    hold(cycle, rose_, kStopSetup, "the clock before a stop");
    panel_->stop();
    stopped_ = cycle;
  } else {
    if (!open_) hold(cycle, stopped_, kIdle, "the pause before a start");
    panel_->start();
  }
  open_ = !stop;
  bits_ = 0;
  byte_ = 0;
}

void Wires::scl_rises(std::uint64_t cycle) {
  hold(cycle, fell_, kLow, "a low clock");
  hold(cycle, sda_changed_, kDataSetup, "data before the clock");
  if (bits_ > 0) hold(cycle, rose_, kPeriod, "a bit");
  rose_ = cycle;
  if (open_ && bits_ < 8) byte_ = static_cast<std::uint8_t>(byte_ << 1 | sda());
  ++bits_;
}

void Wires::scl_falls(std::uint64_t cycle) {
  if (bits_ == 0)
    hold(cycle, sda_changed_, kStartHold, "a start");
  else
    hold(cycle, rose_, kHigh, "a high clock");
  fell_ = cycle;
  if (!open_) return;
  if (bits_ == 8) panel_pulls_ = panel_->write(byte_);
  if (bits_ == 9) {
    panel_pulls_ = false;
    last_byte_cycle_ = cycle;
    bits_ = 0;
    byte_ = 0;
  }
}

}  // namespace thimble::die
