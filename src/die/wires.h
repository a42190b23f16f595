// Two wires with pull-ups that a chip's pins and an SSD1306 pull down, as on a breadboard: what the
// levels say is decoded into I2C for the panel, and their times are held against the panel's data
// sheet (400 kHz).
#pragma once

#include <cstdint>
#include <string>

#include "die/panel.h"

namespace thimble::die {

class Wires {
 public:
  Wires(Panel *panel, std::int64_t clock_hz) : panel_(panel), clock_hz_(clock_hz) {}

  // At `cycle` the chip lets the wires go (true) or pulls them down.
  void chip(std::uint64_t cycle, bool scl, bool sda);

  bool sda() const { return chip_sda_ && !panel_pulls_; }             // as a pin reads it
  std::uint64_t last_byte_cycle() const { return last_byte_cycle_; }  // when SCL fell behind it
  const std::string &problem() const { return problem_; }             // the first; empty: none

 private:
  void scl_rises(std::uint64_t cycle);
  void scl_falls(std::uint64_t cycle);
  void start_or_stop(std::uint64_t cycle, bool stop);
  void hold(std::uint64_t cycle, std::uint64_t since, double microseconds, const char *name);

  Panel *panel_;
  std::int64_t clock_hz_;
  bool scl_ = true, chip_sda_ = true, panel_pulls_ = false;
  bool open_ = false, silent_ = true;  // since a start; no wire has moved yet
  int bits_ = 0;                       // of the byte, its acknowledgement included
  std::uint8_t byte_ = 0;
  std::uint64_t rose_ = 0, fell_ = 0, sda_changed_ = 0, stopped_ = 0, last_byte_cycle_ = 0;
  std::string problem_;
};

}  // namespace thimble::die
