// The table. Texts are what a maker reads, so wiring names the pins of the board in hand first.
#include "die/parts.h"

#include <fmt/format.h>

#include "die/chip_avr.h"
#include "die/chip_ch32v003.h"

namespace thimble::die {
namespace {

Result<std::unique_ptr<Chip>> power_up_atmega328p(const Part &part,
                                                  const std::filesystem::path &image, Panel *panel,
                                                  Watch watch) {
  return power_up_avr(kAtmega328p, image, part.clock_hz, panel, std::move(watch));
}

Result<std::unique_ptr<Chip>> power_up_attiny85(const Part &part,
                                                const std::filesystem::path &image, Panel *panel,
                                                Watch watch) {
  return power_up_avr(kAttiny85, image, part.clock_hz, panel, std::move(watch));
}

Result<std::unique_ptr<Chip>> power_up_ch32(const Part &, const std::filesystem::path &image,
                                            Panel *panel, Watch watch) {
  return power_up_ch32v003(image, panel, std::move(watch));
}

const Part kParts[] = {
    {.target = "atmega328p",
     .model = "faces_3889",
     .weights = "auto",
     .clock_hz = 16'000'000,
     .firmware_bytes = 400,
     .sources = {"port_atmega328p.c"},
     .headers = {},
     .flags = {},
     .linker_script = "",
     .wiring = "part            UNO pin   ATmega328P\n"
               "display SDA     A4        PC4\n"
               "display SCL     A5        PC5\n"
               "display VCC     5V        VCC    (3.3V if the module has no regulator)\n"
               "display GND     GND       GND\n"
               "button          4         PD4    (other end to GND; no resistor, the pull-up is "
               "inside)\n",
     .flash_command =
         "avrdude -c arduino -p atmega328p -P /dev/ttyACM0 -b 115200 -D -U flash:w:{hex}:i",
     .power_up = power_up_atmega328p},
    {.target = "attiny85",
     .model = "faces_616",
     .weights = "int8",
     .clock_hz = 16'000'000,
     .firmware_bytes = 260,
     .sources = {"port_attiny85.c"},
     .headers = {},
     .flags = {"-fno-tree-ch", "-fno-tree-pre", "-fno-ivopts", "-fno-reorder-blocks", "-flto",
               "-mrelax", "-DPICTURE_PAGES=1"},
     .linker_script = "",
     .wiring = "part            ATtiny85 (8-pin package)\n"
               "display SDA     PB0 (5)\n"
               "display SCL     PB2 (7)\n"
               "display VCC     VCC (8)   (5 V: 16 MHz need 4.5 V at least)\n"
               "display GND     GND (4)\n"
               "button          PB4 (3)   (other end to GND; no resistor, the pull-up is inside)\n",
     .flash_command = "avrdude -c usbasp -p attiny85 -U lfuse:w:0xf1:m -U flash:w:{hex}:i",
     .power_up = power_up_attiny85},
    {.target = "ch32v003",
     .model = "faces_929_4_bits",
     .weights = "auto",
     .clock_hz = 48'000'000,
     .firmware_bytes = 600,
     .sources = {"start_ch32v003.c", "port_ch32v003.c"},
     .headers = {"ch32v003.h"},
     .flags = {"-nostartfiles", "--specs=picolibc.specs"},
     .linker_script = "ch32v003.ld",
     .wiring = "part            CH32V003   of 20 legs (F4P6)   of 8 (J4M6)\n"
               "display SDA     PC1        11                  5\n"
               "display SCL     PC2        12                  6\n"
               "display VCC     VDD        9                   4      (3.3 V)\n"
               "display GND     VSS        7                   2\n"
               "button          PC4        14                  7      (other end to GND; no "
               "resistor, the pull-up is inside)\n"
               "programmer      PD1        18                  8      (SWIO of a WCH-LinkE)\n",
     .flash_command = "wlink flash {hex}",
     .power_up = power_up_ch32},
};

std::string names() {
  std::string text;
  for (const Part &part : kParts) text += (text.empty() ? "" : ", ") + std::string(part.target);
  return text;
}

}  // namespace

std::span<const Part> all_parts() { return kParts; }

Result<const Part *> part_of(const targets::Target &target) {
  for (const Part &part : kParts)
    if (target.name == part.target) return &part;
  for (const Part &part : kParts)
    if (target.emulator == "simavr" && target.machine == part.target) return &part;
  return usage_error("the die has no firmware for " + target.name,
                     "its firmware and its simulated boards are for " + names(),
                     "use --target " + std::string(kParts[0].target));
}

}  // namespace thimble::die
