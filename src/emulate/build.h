// Emitted C and the harness, compiled and linked for a target.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "emulate/emulators.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::emulate {

struct Build {
  std::filesystem::path image;                 // harness and network
  std::vector<std::filesystem::path> objects;  // that it is linked of, each with its .su file
  std::filesystem::path
      empty;  // the same harness with an empty network; unset unless bills are counted
};

// Writes all sources into `directory` and links them there.
// Errors: compiler missing, compile errors, code or data larger than the chip (kBudget).
Result<Build> build(const codegen::Emitted &emitted, const targets::Target &target,
                    const Emulator &emulator, const std::filesystem::path &directory);

// The compiler's command line up to the sources: program, flags, standard, one section an object.
std::vector<std::string> compile_command(const targets::Target &target);
// Runs one compiler call. Errors as `build`.
Status run_compiler(const std::vector<std::string> &command, const targets::Target &target);

}  // namespace thimble::emulate
