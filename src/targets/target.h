// Chips. One entry of targets.toml each: data, and a user can add more (THIMBLE_TARGETS=FILE.toml).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "targets/cycle_model.h"

namespace thimble::targets {

// How an accumulator becomes an int8: see ops/requant.h.
enum class Requant { kQ31, kM16, kPow2 };

// What a code of weights costs on a chip, as bench/calibrate measures it (costs.toml).
struct CodeCost {
  std::string code;              // "w4"; "i8" of weights that are as they are
  double time = 0;               // cycles or instructions of a multiplication and addition
  std::int64_t code_bytes = 0;   // of a kernel of it, in flash
  std::int64_t stack_bytes = 0;  // more than what a kernel of int8 takes
};

// What --optimize asks of a chip: which of flash, RAM and time gives way.
struct Level {
  std::string name;                        // "ram", "balanced", "speed", "flash"
  std::optional<std::string> inner_loops;  // none: the chip's
  std::vector<std::string> flags;          // after the chip's
  std::string residency = "rings";         // "rows", "lines"; "layers": one after the other
  std::string weights = "auto";            // ops::Numbers::weights
  bool share_kernels = false;  // functions for any kernel size, where that makes less code
  bool tell_in_flash = false;  // arguments of many calls of one function as structs
};

struct Target {
  std::string name;                // "atmega328p"
  std::string description;         // "ATmega328P (Arduino UNO)"
  std::string toolchain;           // "host", "avr", "arm", "riscv"
  std::string compiler;            // program: "cc", "avr-gcc", "arm-none-eabi-gcc"
  std::vector<std::string> flags;  // for the compiler: CPU, ABI, optimisation
  std::string c_standard;          // "c99", "gnu99"
  std::string debian_package;      // that has the compiler
  std::string emulator;            // "native", "simavr", "qemu-arm", "qemu-riscv"
  std::string machine;  // what the emulator calls it: "atmega328p", "mps2-an386"; RISC-V: its CPU
  std::string count_unit;                 // "cycles" (simavr), "instructions" (QEMU), "" (host)
  std::optional<CycleModel> cycle_model;  // beside instructions; only with qemu-arm
  std::int64_t flash_bytes = 0;           // 0: no limit known
  std::int64_t ram_bytes = 0;
  std::int64_t clock_hz = 0;
  int index_bits = 32;  // width of `int`, which kernels index with
  int pointer_bytes = 4;
  bool flash_separate = false;  // weights need a qualifier and a macro to be read (AVR)
  int alignment_bytes = 1;      // strictest alignment of a 32-bit load
  bool gcc_only = false;        // assembly takes all registers, of which Clang keeps some
  // Kernels/NAME_WORD.c are written for it ("avr_mul"); several words: the first that has a file.
  std::string inner_loops;
  std::string costs;  // whose entry of costs.toml holds for it; empty: its own
  // Of codes whose stack is at most an eighth of the chip's RAM. Empty: not measured.
  std::vector<CodeCost> code_costs;
  Requant requant = Requant::kM16;  // for models that Thimble quantizes itself
  std::vector<Level> levels;        // by which it may be asked for
  Level level;                      // as which it is: at_level; its flags and loops are above
};

// Words of inner loops that say more than which kernel files are taken: rescalings are solved
// (ops/rescale_line.h), weights lie in pairs (ops/byte_pairs.h), windows are copied
// (ops/copied_windows.h).
inline constexpr std::string_view kHighMultiply = "high_mul", kPairs = "pairs",
                                  kWindows = "windows";
bool has_word(const std::string &inner_loops, std::string_view word);

// All chips, in the order of the file. Errors: a user's file that does not parse.
Result<std::vector<Target>> all_targets();
// Errors: unknown name (lists the known ones).
Result<Target> find_target(const std::string &name);
// The chip as --optimize LEVEL wants it. Errors: unknown level (lists the known ones).
Result<Target> at_level(Target target, const std::string &level);

Result<Requant> parse_requant(const std::string &text);
std::string to_string(Requant requant);

}  // namespace thimble::targets
