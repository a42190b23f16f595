// The firmware of the die: its sources (src/die/firmware) beside the emitted network, compiled and
// linked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "die/parts.h"
#include "support/diagnostic.h"
#include "support/files.h"
#include "targets/target.h"

namespace thimble::die {

inline constexpr const char *kNetworkName = "die";  // the prefix that the firmware calls

// Writes the firmware's sources for `part` and `network` into `directory`.
Status write_firmware(const codegen::Emitted &network, const Part &part,
                      const std::filesystem::path &directory);

// Compiles what write_firmware wrote. `settings`: macros of die_app.c ("DIE_ROLLING_FRAMES=0").
// Errors: compiler missing, compile errors, larger than the chip (kBudget).
Status build_firmware(const std::filesystem::path &directory, const Part &part,
                      const targets::Target &target, const std::vector<std::string> &settings,
                      const std::filesystem::path &image);

// Says how many frames roll before a face, in the roll.h that write_firmware wrote.
Status write_roll(int frames, const std::filesystem::path &directory);

// What a maker types beside the sources.
std::string build_command(const Part &part, const targets::Target &target);
// Writes `hex_name` into the part's flash.
std::string flash_command(const Part &part, const std::string &hex_name);

// The Intel HEX text that a programmer reads, for bytes from address 0 on (at most 64 KB).
std::string intel_hex(const Bytes &flash);

}  // namespace thimble::die
