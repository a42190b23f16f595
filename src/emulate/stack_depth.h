// How deep a call can take the stack, read off the linked program: every way through its
// instructions is walked, those of the compiler's and C libraries and of inline assembly too, with
// what each does to the stack pointer. The deepest is the bound of the stack; a run that goes that
// way reaches it.
//
// No way is left out; one that no input leads to may count. Calls through pointers are the caller's
// to name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::emulate {

// Bytes of stack at some instruction, from the call of a function on, its return address where
// calls push one. Not empty.
using StackDepths = std::set<std::int64_t>;

struct StackReach {
  StackDepths depths = {0};  // of all instructions that a call may come to
  std::int64_t least = 0;    // each call comes to that deep, or deeper
};

// Of a call of `function` in a linked `image`; what calls through pointers reach is `callbacks`.
// Nothing: calls in circles, or a stack pointer that the code alone does not tell. Errors: an
// unreadable file.
Result<std::optional<StackReach>> stack_reach(const std::filesystem::path &image,
                                              const std::string &function,
                                              const std::vector<std::string> &callbacks);

// What the stack took at least when bytes were written down to `written`: a frame's last ones may
// never be. More than all depths: as it is.
std::int64_t depth_behind(const StackReach &reach, std::int64_t written);

}  // namespace thimble::emulate
