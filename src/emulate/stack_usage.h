// The most stack that a call can take, from what the compiler says of each function: frames from
// the .su files of -fstack-usage, calls from the relocations of the objects, which are the same
// kind of record for every processor (compiled with -ffunction-sections, so that a section is a
// function).
//
// Of use where the linked program alone does not tell (stack_depth.h). It bounds what emulators
// measure (high-water mark) from above, with two liberties: functions of the compiler's and C
// libraries, of which no .su file is there, count kLibraryFrame each (kMathFrame from <math.h>),
// and calls through pointers are the caller's to name. What inline assembly pushes, its label
// thimble_pushes_BYTES_ANYTHING says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::emulate {

inline constexpr std::int64_t kLibraryFrame = 64;  // bytes, with what they call; no 64-bit division
inline constexpr std::int64_t kMathFrame = 320;    // with soft float beneath

// `objects`: OBJECT.o with OBJECT.su beside it. Bytes of stack from the call of `function` on, its
// return address where calls push one; on top of that the deepest of `callbacks`, wherever it is
// called from. Functions that are not there count nothing. Nothing: a cycle of calls, or a frame
// whose size is known at run time only, so that there is no bound. Errors: unreadable files.
Result<std::optional<std::int64_t>> stack_bound(const std::vector<std::filesystem::path> &objects,
                                                const std::string &function,
                                                const std::vector<std::string> &callbacks);

}  // namespace thimble::emulate
