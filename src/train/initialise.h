// How PyTorch's layers draw their parameters.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "train/torch.h"

namespace thimble::train {

// Constant `index` of the node, given the dimensions of its weight, which is constant 0. A bias of
// zeros stands for an absent one, and stays.
void initialise_constant(const ir::Node &node, std::size_t index, torch::Tensor &constant,
                         const std::vector<std::int64_t> &weight_dims);

}  // namespace thimble::train
