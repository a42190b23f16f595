// A vector has one element a row (design 1.1) and may be handed over in pieces of several: rows of
// consecutive elements.
#pragma once

#include <optional>

#include "ir/graph.h"

namespace thimble::passes {

// The shape of one long row cut into rows of as many elements as divide it evenly, at most 32: a
// piece is small beside the vector, and worth a call. None where fewer than 8 would be in a row, or
// where it is short, or has several rows already.
std::optional<ir::Shape> in_pieces(const ir::Shape &shape);

}  // namespace thimble::passes
