// Single weights that leave: the smallest ones become zero, wherever they are. Magnitude pruning
// (Han et al., "Learning both Weights and Connections for Efficient Neural Networks", 2015); a
// gradual schedule is the trainer's business, which asks for a mask at each sparsity.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

// By element: whether it stays. `sparsity`: the share that goes, 0 to 1; of n elements
// round(sparsity * n), those of the smallest magnitude, of equal ones the last. One stays unless
// the share is 1.
std::vector<bool> largest_weights(const ir::Constant &weights, double sparsity);

// What does not stay becomes zero.
void apply_mask(ir::Constant &weights, const std::vector<bool> &stays);

// How many weights of a node are not zero: of its constants that have more than one axis, unless
// the node is a Constant.
struct LayerDensity {
  std::string node;
  std::int64_t weights = 0, nonzero = 0;
};
// By node that has such weights, in their order.
std::vector<LayerDensity> weight_density(const ir::Graph &graph);

}  // namespace thimble::passes
