// The table of emulators: one entry a value of Target::emulator. A chip that an entry's emulator
// knows needs no new one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulate/run.h"

namespace thimble::emulate {

// A linked harness with its network.
struct Image {
  std::filesystem::path path;       // of the ELF file
  std::filesystem::path directory;  // where it was built; emulators may leave files there
  std::int64_t input_bytes = 0, output_bytes = 0;  // of a sample, all ports together
};

// What one inference cost, from the call of NAME_run to its return; zero where nothing is counted.
struct Mark {
  std::int64_t count = 0;                         // cycles or instructions
  std::int64_t stack_bytes = 0;                   // deepest, below the caller's frame
  std::optional<std::int64_t> model_cycles = {};  // by Target::cycle_model
};

// One step of a profiled network; the first of a run's is nothing.
struct StepCount {
  int group = -1;                                 // -1: outside the steps
  std::int64_t count = 0;                         // cycles or instructions
  std::optional<std::int64_t> model_cycles = {};  // by Target::cycle_model
};

struct Trace {
  std::string outputs;           // of all samples, output_bytes each
  std::vector<Mark> marks;       // one a sample, or none
  std::vector<StepCount> steps;  // of profiled networks, all samples
};

struct Emulator {
  std::string_view name;
  std::vector<std::string_view> port;  // harness files beside main.c
  std::string_view linker_script;      // harness file, or empty
  std::vector<std::string> compile_flags;
  std::vector<std::string> link_flags;
  // Flags that depend on the chip, or null.
  Result<std::vector<std::string>> (*link_for)(const targets::Target &) = nullptr;
  bool counts = false;  // marks are taken, and the image is a 32-bit ELF file that has a bill
  // `samples`: all of them, input_bytes each.
  Result<Trace> (*run)(const Image &, const targets::Target &, const std::string &samples,
                       const Limits &);
};

std::span<const Emulator> all_emulators();
// Errors: unknown name, which only a user's own target can have (lists the known ones).
Result<const Emulator *> find_emulator(const std::string &name);

Result<Trace> run_native(const Image &, const targets::Target &, const std::string &samples,
                         const Limits &);
Result<Trace> run_simavr(const Image &, const targets::Target &, const std::string &samples,
                         const Limits &);
Result<Trace> run_qemu_arm(const Image &, const targets::Target &, const std::string &samples,
                           const Limits &);
Result<Trace> run_qemu_riscv(const Image &, const targets::Target &, const std::string &samples,
                             const Limits &);
// Memories of the MPS boards, which have their own sizes; those of the chip itself.
Result<std::vector<std::string>> link_for_mps(const targets::Target &);
Result<std::vector<std::string>> link_for_virt(const targets::Target &);

}  // namespace thimble::emulate
