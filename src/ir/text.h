// The text form of a graph (`.thm`): read by people, written by `thimble opt`, used by tests.
// print(parse(print(g))) == print(g), to the last bit of every weight. The grammar is in ir/README.md.
#pragma once

#include <string>
#include <string_view>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::ir {

enum class Weights { kFull, kElided };  // kElided: for reading only, weights as "..."

std::string print(const Graph &graph, Weights weights = Weights::kFull);
Result<Graph> parse(std::string_view text, const std::string &file);

}  // namespace thimble::ir
