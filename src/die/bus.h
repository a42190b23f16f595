// The chip's I2C unit (TWI) with the panel on its pins. It stands in for libsimavr's own, which
// gives every byte the same time whatever the bit rate: here a byte takes nine periods of the clock
// that TWBR and TWSR set, so that the time of a face is that of the real bus. Master transmitter,
// polled or by its interrupt: what the die needs.
#pragma once

#include <cstdint>

#include "die/panel.h"

struct avr_t;

namespace thimble::die {

class Bus {
 public:
  // Takes over the registers of `chip`; both must stay where they are.
  Bus(avr_t *chip, Panel *panel);
  Bus(const Bus &) = delete;
  Bus &operator=(const Bus &) = delete;

  std::uint64_t last_byte_cycle() const { return last_byte_cycle_; }  // when its last bit was sent
  std::int64_t bit_cycles() const;  // of the chip; 40 at 400 kHz and 16 MHz

 private:
  void control(std::uint8_t value);
  void finish();
  void interrupt();

  avr_t *chip_;
  Panel *panel_;
  enum class Action { kNone, kStart, kByte, kStop } action_ = Action::kNone;
  bool open_ = false, addressed_ = false;  // since the start; its address byte has been sent
  std::uint64_t last_byte_cycle_ = 0;
};

}  // namespace thimble::die
