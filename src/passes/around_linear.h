// Linear reads and writes its tensors flat, in whatever order its weights say, so what merely
// reshapes or permutes a tensor on its way to or from a Linear can be absorbed. These find the
// Linears concerned.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

// The Linears that read `value`, directly or through elementwise operators and Reshapes. None where
// anything else reads it or what is made of it, or a network output is among them.
std::optional<std::vector<ir::NodeId>> linear_readers(const ir::Graph &graph, ir::ValueId value);

// The Linear that makes `value`, directly or through elementwise operators and Reshapes between
// which nothing else reads. None where nothing such does.
std::optional<ir::NodeId> linear_behind(const ir::Graph &graph, ir::ValueId value);

// The same of a value that has one reader, and is no network output.
std::optional<ir::NodeId> linear_producer(const ir::Graph &graph, ir::ValueId value);

}  // namespace thimble::passes
