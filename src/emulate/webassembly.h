// C as WebAssembly, for pages: clang and wasm-ld, without a C library or anything else around it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "support/files.h"
#include "targets/target.h"

namespace thimble::emulate {

// The chip that a page is, for codegen: 32 bits, little endian. Not in targets.toml: nothing counts
// on it.
targets::Target webassembly_target();

// Compiles `sources` (C files of `directory`, which is on the include path) and links a module of
// the functions they export, and nothing that these do not reach. Objects are left in `directory`.
// Errors: clang or wasm-ld missing (kMissingTool), compile errors.
Result<Bytes> build_webassembly(const std::filesystem::path &directory,
                                const std::vector<std::string> &sources);

}  // namespace thimble::emulate
