// The parts that the die has been built for: one part = one entry of the table in parts.cpp. What
// depends on the part is here, and in the port (firmware/port_PART.c) and chip (chip.h) it names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "die/chip.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::die {

struct Part {
  std::string_view target;   // its name in targets.toml
  std::string_view model;    // rolled unless another is asked for
  std::string_view weights;  // ops::Numbers::weights, likewise
  std::int64_t clock_hz;     // at which the port runs it
  // What display, button, animation and stack need beside the network's arena, generously.
  std::int64_t firmware_bytes;
  std::vector<std::string_view> sources;  // files of firmware/, compiled for this part alone
  std::vector<std::string_view> headers;  // files of firmware/ that only these need
  std::vector<std::string_view> flags;    // for the compiler, after the target's
  std::string_view linker_script;         // a file of firmware/; empty: the toolchain's
  std::string_view wiring;                // a table: what, pin of the board, pin of the chip
  std::string_view flash_command;         // writes {hex} into the chip
  // A board of this part with `image` in its flash. Errors: an image that the simulation refuses.
  Result<std::unique_ptr<Chip>> (*power_up)(const Part &part, const std::filesystem::path &image,
                                            Panel *panel, Watch watch);
};

std::span<const Part> all_parts();
// The part that `target` is, by name or, for a user's own target, by libsimavr's name of the chip.
// Errors: the die has no firmware for it (lists the parts).
Result<const Part *> part_of(const targets::Target &target);

}  // namespace thimble::die
