// How a Permute moves elements, for its evaluator and for the passes that absorb it into weights.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "ops/strided.h"

namespace thimble::ops {

// Attribute perm: output axis i is input axis perm[i], over (rows, cols, channels).
std::array<int, 3> permutation(const ir::Node &node);
// The output's shape, and where its elements come from.
ir::Shape permuted_shape(const ir::Shape &in, const std::array<int, 3> &perm);
Strided permuted_axes(const ir::Shape &in, const std::array<int, 3> &perm);
// False when every element stays where it is, so that only the shape changes.
bool moves_elements(const ir::Shape &in, const std::array<int, 3> &perm);

}  // namespace thimble::ops
