// A CH32V003 on libunicorn (emulate/ch32v003): what is flashed is what runs, on registers that are
// modelled; time is that of its clocks, an instruction one and a half cycles.
#pragma once

#include <filesystem>
#include <memory>

#include "die/chip.h"
#include "support/diagnostic.h"

namespace thimble::die {

// Errors: no ELF file; as emulate::ch32v003::Chip::power_up.
Result<std::unique_ptr<Chip>> power_up_ch32v003(const std::filesystem::path &image, Panel *panel,
                                                Watch watch);

}  // namespace thimble::die
