// Proves a graph's invariant (graph.h) and reports everything that breaks it. Types and operators are
// checked by ops/ (ops::verify), which knows them.
#pragma once

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::ir {

Diagnostics verify(const Graph &graph);  // empty: sound

}  // namespace thimble::ir
