// What the network needs behind a cut, however little the strips before it do: an estimate from
// the bytes that lie between nodes and the rows that windows hold. It ranks; it need not be right.
#pragma once

#include <cstdint>

#include "ir/graph.h"

namespace thimble::plan {

// `cut` is there whole, and nothing else that was made before it.
std::int64_t bytes_behind(const ir::Graph &graph, ir::ValueId cut);

}  // namespace thimble::plan
