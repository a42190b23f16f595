// What a linked image (32-bit ELF) takes on its chip, read from its section headers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/diagnostic.h"
#include "support/files.h"

namespace thimble::emulate {

struct ImageSize {
  std::int64_t flash_bytes = 0;  // code, constants, and the initial values of data
  std::int64_t ram_bytes = 0;    // data and zeroed data; no stack
};

// Errors: unreadable, no 32-bit little-endian ELF.
Result<ImageSize> image_size(const std::filesystem::path &image);
// Bytes of the object `name` in the image; 0 when it is not there (the linker dropped it).
Result<std::int64_t> symbol_bytes(const std::filesystem::path &image, const std::string &name);
// What a programmer writes into flash, from address 0: loaded segments at their load addresses,
// gaps 0xff. Errors: as above; more than 16 MB.
Result<Bytes> flash_contents(const std::filesystem::path &image);

}  // namespace thimble::emulate
