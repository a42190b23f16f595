// Builds emitted C for a target and runs it: natively, on libsimavr, on QEMU. Counts what the
// emulator counts, measures the stack by high-water mark, and reads flash and RAM off the linked
// image.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::emulate {

// What the network adds to an empty program on the same target (flash, static), and its worst
// stack.
struct Bill {
  std::int64_t flash_weights = 0, flash_constants = 0, flash_code = 0, flash_total = 0;  // bytes
  std::int64_t ram_arena = 0, ram_static = 0, ram_stack = 0, ram_total = 0;              // bytes
  // What the stack can be at most (stack_depth.h, stack_usage.h); nothing: no bound.
  std::optional<std::int64_t> ram_stack_bound;
};

// One sample: for each network input its elements, stored order, little endian.
using RawSample = std::vector<std::vector<std::uint8_t>>;

struct RunResult {
  std::vector<RawSample> outputs;  // one a sample, for each network output its elements
  std::int64_t count_per_run =
      0;  // cycles or instructions of one inference (the largest); 0 on the host
  // Of one inference (the largest) by Target::cycle_model; nothing: no model, or an emulator that
  // does not count by it.
  std::optional<std::int64_t> model_cycles;
  Bill bill;  // zero on the host
  // Of a network that announces its steps: the count of each plan::Program::group, all samples
  // together.
  std::vector<std::int64_t> group_counts;
  std::vector<std::int64_t> group_model_cycles;  // the same by Target::cycle_model; or empty
};

// When a run counts as one that does not end.
struct Limits {
  std::int64_t cycles_per_run = 4'000'000'000;  // simavr: four minutes at 16 MHz
  double seconds = 550;                         // native, QEMU: all samples together
};

// `work` keeps sources and the image when not empty; else a temporary directory. Without samples
// nothing is run: the bill lacks its stack, the count is 0. Flags in `target.flags` reach compiler
// and linker (tests add -fsanitize=address,undefined). Errors: compiler or emulator missing
// (kMissingTool, names the package), compile errors, an image larger than the chip (kBudget), a
// stack that runs into the data, a run that does not end.
Result<RunResult> build_and_run(const codegen::Emitted &emitted, const targets::Target &target,
                                const std::vector<RawSample> &samples,
                                const std::filesystem::path &work = {}, const Limits &limits = {});

// The measured stack against its bound. Errors (kVerify): more than the bound, or no bound where
// something was measured: one of the two figures, or the generated C, is wrong.
Status check_stack(const Bill &bill);

}  // namespace thimble::emulate
