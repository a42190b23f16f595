// The die as one page: the firmware and the network's C as WebAssembly, with the Arduino UNO's
// memory plan alive beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "die/die.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::die {

struct PageOptions {
  // A decoder, as DieOptions::model.
  std::filesystem::path model = "faces_3889";
  std::string weights = "auto";  // ops::Numbers::weights
  std::filesystem::path output = "die.html";
};

struct PageReport {
  std::string model;
  std::filesystem::path page;
  std::int64_t page_bytes = 0, module_bytes = 0;  // the file; the WebAssembly in it
  std::int64_t arena_bytes = 0, weight_bytes = 0;
};

// Writes the page: self-contained, it needs neither network nor server. Errors: as run_die, but
// that it is clang and wasm-ld that may be missing, and nothing can be too large.
Result<PageReport> make_page(const PageOptions &options, const Log &log);

// The keys of `thimble die --web --json`.
Json to_json(const PageReport &report);

}  // namespace thimble::die
