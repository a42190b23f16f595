// A simulated AVR chip (libsimavr) with a program in its flash, executed one instruction at a time
// so that the stack's depth is watched exactly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "support/diagnostic.h"

struct avr_t;

namespace thimble::emulate {

struct AvrDeleter {
  void operator()(avr_t *chip) const;
};
using AvrChip = std::unique_ptr<avr_t, AvrDeleter>;

// A chip at reset. After this, each `avr_run` executes one instruction, then timers and interrupts.
// libsimavr's log is silenced for the whole process.
// Errors: an unknown machine (a user's own target), an image larger than its flash, no ELF file.
Result<AvrChip> load_avr(const std::filesystem::path &image, const std::string &machine,
                         std::int64_t clock_hz);

// True while it has neither crashed nor stopped for good.
bool is_alive(const avr_t &chip);
int stack_pointer(const avr_t &chip);  // bytes; the stack's next free one
// The 16-bit instruction that comes next.
int next_opcode(const avr_t &chip);

}  // namespace thimble::emulate
