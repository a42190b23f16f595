// What generated functions say of themselves: which nodes they run, and which bytes those work on.
#pragma once

#include <string>

#include "codegen/trees.h"
#include "ir/graph.h"

namespace thimble::codegen {

// Of a function that makes whole rows by one call.
std::string call_comment(const ir::Graph &graph, const plan::Call &call);
// Of a tree's function: its stages, one a line, and what it is told.
std::string tree_comment(const ir::Graph &graph, const plan::Program &program, const Tree &tree);

}  // namespace thimble::codegen
