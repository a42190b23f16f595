// Plan -> C files. NAME.h, NAME.c: readable C99 without dependencies; equal input gives equal
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/work.h"
#include "ir/graph.h"
#include "ops/operator.h"
#include "plan/plan.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::codegen {

struct Options {
  std::string name = "model";  // prefix of every symbol; a C identifier
  targets::Target target;
  ops::Numbers numbers;
  std::string model_sha256;
  std::string version;          // of Thimble
  std::string command_options;  // recorded in the header: no paths, no dates
  // For profiling: `void NAME_step(int group)`, which the caller defines, is called before each
  // step with its index into plan::Program::groups.
  bool announce_steps = false;
};

struct File {
  std::string name;  // "die.c"
  std::string text;
};

struct Emitted {
  std::string name;                 // Options::name
  std::vector<File> files;          // NAME.h, NAME.c
  std::int64_t weight_bytes = 0;    // flash: is_weight tables, each once
  std::int64_t constant_bytes = 0;  // flash: the other tables, each once
  std::int64_t arena_bytes = 0;
  bool stream_in = false, stream_out = false, borrow_input = false;
  bool announces_steps = false;           // Options::announce_steps
  std::vector<ir::Type> inputs, outputs;  // of the network's ports
  std::vector<std::vector<Work>> work;    // by group of the program, as steps announce it
};

// Errors: an operator without a kernel for these types on this target; a table too large to index.
Result<Emitted> emit(const ir::Graph &graph, const plan::Plan &plan, const Options &options);

}  // namespace thimble::codegen
