// Builds emitted C for a target and runs it: natively, on libsimavr, on QEMU. Counts what the emulator
// counts, measures the stack by high-water mark, and reads flash and RAM off the linked image.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::emulate {

// What the network adds to an empty program on the same target (flash, static), and its worst stack.
struct Bill {
  std::int64_t flash_weights = 0, flash_constants = 0, flash_code = 0, flash_total = 0;  // bytes
  std::int64_t ram_arena = 0, ram_static = 0, ram_stack = 0, ram_total = 0;              // bytes
};

// One sample: for each network input its elements, stored order, little endian.
using RawSample = std::vector<std::vector<std::uint8_t>>;

struct RunResult {
  std::vector<RawSample> outputs;  // one a sample, for each network output its elements
  std::int64_t count_per_run = 0;  // cycles or instructions of one inference (the largest); 0 on the host
  Bill bill;                       // zero on the host
};

// `work` keeps sources and the image when not empty; else a temporary directory.
// Errors: compiler or emulator missing (kMissingTool, names the package), compile errors, a run that does
// not end.
Result<RunResult> build_and_run(const codegen::Emitted &emitted, const targets::Target &target,
                                const std::vector<RawSample> &samples,
                                const std::filesystem::path &work = {});

}  // namespace thimble::emulate
