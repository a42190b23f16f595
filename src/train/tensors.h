// Between the numbers of a graph and libtorch's tensors. All copy: neither side sees the other's
// changes.
#pragma once

#include <span>
#include <vector>

#include "ops/operator.h"
#include "train/torch.h"

namespace thimble::train {

// Samples of one value, stored order, as [batch, rows, cols, channels]; at least one, all of one
// shape.
torch::Tensor to_batch(std::span<const ops::Tensor> samples);
// And back. `type` is the value's.
std::vector<ops::Tensor> from_batch(const torch::Tensor &batch, const ir::Type &type);

// A file's arrays of one port, one behind the other in `arrays`, in stored order.
torch::Tensor to_batch(const ir::Port &port, const ir::Shape &shape, std::span<const float> arrays);
// And back.
std::vector<float> to_file_order(const ir::Port &port, const ir::Shape &shape,
                                 const torch::Tensor &batch);

// Of an f32 constant, in its dimensions.
torch::Tensor to_tensor(const ir::Constant &constant);
std::vector<float> to_floats(const torch::Tensor &tensor);

}  // namespace thimble::train
