// AVR chips on libsimavr, in true cycles.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "die/chip.h"
#include "support/diagnostic.h"

namespace thimble::die {

// Where a chip's port (firmware/port_CHIP.c) has what the board must reach.
struct AvrPins {
  const char *machine;  // libsimavr's name
  int ram_start;        // data address
  char button_port;
  int button_pin;
  int face_register, latent_register, stage_register;  // data addresses of GPIOR0, 1, 2
  int sleep_register;                                  // with the mode of sleep
  std::uint8_t sleep_mask, power_down;  // its bits of mode, and theirs when all stops
  char bus_port;  // of wires that the firmware moves by hand (wires.h); 0: its I2C unit (bus.h)
  int scl_pin, sda_pin;  // of that port
};

extern const AvrPins kAtmega328p, kAttiny85;

// Errors: as emulate::load_avr.
Result<std::unique_ptr<Chip>> power_up_avr(const AvrPins &pins, const std::filesystem::path &image,
                                           std::int64_t clock_hz, Panel *panel, Watch watch);

}  // namespace thimble::die
