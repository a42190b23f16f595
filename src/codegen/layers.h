// Layers that run one after the other, as a list in flash: where a layer's rows all come in turn
// and its function is told all else by a struct (told.h), a loop of its own is more code than an
// entry.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/functions.h"
#include "codegen/groups.h"
#include "ctext/c_writer.h"
#include "ir/graph.h"
#include "plan/program.h"

namespace thimble::codegen {

struct Layer {
  int group = -1;
  int row = 0, rows = 0, step = 1;  // its rows: the first, how many, up or down
};

struct Layers {
  std::vector<Layer> list;             // in the order of the steps
  std::vector<std::string> functions;  // that make their rows
  std::int64_t bytes() const;          // of the list
};

// After drop_unused_rows. Groups on the list have neither counter nor function of their own then:
// `layer` of each is its number. Empty where a list is no gain.
Layers find_layers(const plan::Program &program, const Functions &functions, Groups &groups);

// The list, and `run_layers(first, count)`.
void print_layers(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Layers &layers, const Functions &functions, const Groups &groups);

}  // namespace thimble::codegen
