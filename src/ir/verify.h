// Proves a graph's invariant (graph.h) and reports everything that breaks it. Types and operators
// are checked by ops/ (ops::verify), which knows them.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::ir {

// Of nodes, values and constants each: microcontrollers hold far fewer.
inline constexpr std::size_t kMaxItems = 20000;

Diagnostics verify(const Graph &graph);  // empty: sound

}  // namespace thimble::ir
