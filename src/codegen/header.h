// NAME.h: what codegen/README.md promises.
#pragma once

#include <string>

#include "codegen/arena.h"
#include "codegen/emit.h"
#include "codegen/ports.h"

namespace thimble::codegen {

inline constexpr int kApiLevel = 1;

struct Bill {  // bytes, as the head of both files tells them
  std::int64_t arena = 0, weights = 0, constants = 0;
};

// The comment that opens both files: licence, what made it, the bill.
std::string file_head(const Options &options, const Bill &bill);
std::string print_header(const Options &options, const Ports &ports, const ArenaStyle &style,
                         const Bill &bill);

}  // namespace thimble::codegen
