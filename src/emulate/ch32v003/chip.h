// A CH32V003 with a program in its flash: the core (riscv_core.h), the units that the die uses, and
// the order of things between them: interrupts, sleep, time. What the program asks of a register
// that is not here, or of a unit whose clock is off, ends the run as a problem and is never passed
// over. An instruction takes one and a half cycles: WCH gives no figures for single ones; a
// QingKe V2A has two stages, and flash of one wait state above 24 MHz.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "emulate/ch32v003/i2c.h"
#include "emulate/ch32v003/pins.h"
#include "support/diagnostic.h"
#include "support/files.h"

namespace thimble::emulate::ch32v003 {

inline constexpr std::uint32_t kRamStart = 0x20000000;
inline constexpr std::int64_t kFlashBytes = 16384, kRamBytes = 2048;

class Chip {
 public:
  // At reset. `flash`: from address 0. `debug_data`: called with what the program puts where a
  // debugger reads it. Errors: too large a program (kBudget), no libunicorn (kMissingTool).
  static Result<std::unique_ptr<Chip>> power_up(const Bytes &flash, I2cDevice device,
                                                std::function<void(std::uint32_t)> debug_data);
  ~Chip();

  void run_until(Ticks end);  // sooner where there is a problem; sleep takes no time of ours
  Ticks now() const;
  const std::string &problem() const;
  bool is_in_standby() const;
  std::uint32_t pc() const;
  std::uint64_t instructions() const;
  Ticks last_i2c_byte() const;

  void ground(int port, int pin, bool grounded);  // pins.h
  std::span<std::uint8_t> ram();

 private:
  struct State;
  explicit Chip(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thimble::emulate::ch32v003
