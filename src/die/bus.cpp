// Registers and status codes as in the ATmega328P's data sheet, chapter "2-wire Serial Interface".
#ifdef THIMBLE_WITH_SIMAVR
#include "die/bus.h"

#include <sim_avr.h>

namespace thimble::die {
namespace {

constexpr int kTwbr = 0xB8, kTwsr = 0xB9, kTwdr = 0xBB, kTwcr = 0xBC;  // data addresses
constexpr std::uint8_t kInterrupt = 0x80, kStart = 0x20, kStop = 0x10, kEnable = 0x04,
                       kInterrupts = 0x01;  // bits of TWCR
constexpr int kVector = 24;

enum Status : std::uint8_t {
  kStarted = 0x08,
  kStartedAgain = 0x10,
  kAddressAcknowledged = 0x18,
  kAddressIgnored = 0x20,
  kByteAcknowledged = 0x28,
  kByteIgnored = 0x30,
};

}  // namespace

Bus::Bus(avr_t *chip, Panel *panel) : chip_(chip), panel_(panel) {
  // libsimavr's unit is left without its control register, so that it never acts.
  auto &write = chip->io[AVR_DATA_TO_IO(kTwcr)].w;
  write.param = this;
  write.c = [](avr_t *, avr_io_addr_t, std::uint8_t value, void *self) {
    static_cast<Bus *>(self)->control(value);
  };
}

std::int64_t Bus::bit_cycles() const {
  const int prescaler = 1 << 2 * (chip_->data[kTwsr] & 3);
  return 16 + 2 * chip_->data[kTwbr] * prescaler;
}

// Writing TWINT as 1 clears it and sets off what the other bits say; it is set again when that is
// done.
void Bus::control(std::uint8_t value) {
  chip_->data[kTwcr] = value & ~kInterrupt;
  if (!(value & kEnable) || !(value & kInterrupt)) return;
  action_ = value & kStop ? Action::kStop : value & kStart ? Action::kStart : Action::kByte;
  const std::int64_t bits = action_ == Action::kByte ? 9 : 1;  // eight, and the acknowledgement
  avr_cycle_timer_register(
      chip_, bits * bit_cycles(),
      [](avr_t *, avr_cycle_count_t, void *self) -> avr_cycle_count_t {
        static_cast<Bus *>(self)->finish();
        return 0;
      },
      this);
}

void Bus::finish() {
  std::uint8_t status = 0;
  switch (action_) {
    case Action::kStop:
      panel_->stop();
      open_ = false;
      chip_->data[kTwcr] &= ~kStop;  // TWINT stays clear after a stop
      return;
    case Action::kStart:
      panel_->start();
      status = open_ ? kStartedAgain : kStarted;
      open_ = true;
      addressed_ = false;
      break;
    case Action::kByte: {
      const bool acknowledged = open_ && panel_->write(chip_->data[kTwdr]);
      status = addressed_ ? (acknowledged ? kByteAcknowledged : kByteIgnored)
                          : (acknowledged ? kAddressAcknowledged : kAddressIgnored);
      addressed_ = true;
      last_byte_cycle_ = chip_->cycle;
      break;
    }
    case Action::kNone:
      return;
  }
  chip_->data[kTwsr] = status | (chip_->data[kTwsr] & 3);
  chip_->data[kTwcr] |= kInterrupt;
  if (chip_->data[kTwcr] & kInterrupts) interrupt();
}

void Bus::interrupt() {
  for (int i = 0; i < chip_->interrupts.vector_count; ++i)
    if (chip_->interrupts.vector[i]->vector == kVector)
      avr_raise_interrupt(chip_, chip_->interrupts.vector[i]);
}

}  // namespace thimble::die

#endif  // THIMBLE_WITH_SIMAVR
