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
  std::int64_t lent = 0;  // of borrowed inputs: the caller's, not counted
};

// What the functions of both files take: "const int8_t *input", "void"; "..., NAME_row_fn emit,
// void *user"; and "input, " for a call.
std::string run_parameters(const ArenaStyle &style);
std::string run_rows_parameters(const std::string &name, const Ports &ports,
                                const ArenaStyle &style);
std::string selftest_parameters(const ArenaStyle &style);  // writable
std::string lent_arguments(const ArenaStyle &style);

// The comment that opens both files: licence, what made it, the bill.
std::string file_head(const Options &options, const Bill &bill);
std::string print_header(const Options &options, const Ports &ports, const ArenaStyle &style,
                         const Bill &bill);

}  // namespace thimble::codegen
