// Weights are drawn in PyTorch's order of elements and then moved, so that one seed gives one
// network on either side.
#include "train/initialise.h"

#include <cmath>
#include <optional>

namespace thimble::train {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

// Of ours [out][h][w][in / groups], PyTorch's is [out][in / groups][h][w].
void draw_conv(Tensor &weight, double limit) {
  const Sizes dims = weight.sizes().vec();
  const Tensor drawn = torch::empty({dims[0], dims[3], dims[1], dims[2]}).uniform_(-limit, limit);
  weight.copy_(drawn.permute({0, 2, 3, 1}));
}

// And [in][out / groups][h][w].
void draw_transposed(Tensor &weight, std::int64_t groups, double limit) {
  const Sizes dims = weight.sizes().vec();
  const std::int64_t out = dims[0] / groups, in = dims[3];
  const Tensor drawn = torch::empty({groups, in, out, dims[1], dims[2]}).uniform_(-limit, limit);
  weight.copy_(drawn.permute({0, 2, 3, 4, 1}).reshape(dims));
}

// What PyTorch calls the fan in: the product of all dimensions of its weight but the first.
double fan_in(const ir::Node &node, const Sizes &dims) {
  if (node.op == "Linear") return static_cast<double>(dims[1]);
  const std::int64_t channels = node.op == "Conv2d" ? dims[3] : dims[0] / node.integer("groups", 1);
  return static_cast<double>(channels * dims[1] * dims[2]);
}

// Numbers are drawn from +-this; nothing: of an operator that PyTorch does not draw for.
std::optional<double> limit_of(const ir::Node &node, const Sizes &weight_dims) {
  if (node.op == "Lstm" || node.op == "Gru" || node.op == "Rnn")
    return 1 / std::sqrt(static_cast<double>(node.integer("hidden", 1)));
  if (node.op == "Linear" || node.op == "Conv2d" || node.op == "ConvTranspose2d")
    return 1 / std::sqrt(fan_in(node, weight_dims));
  return std::nullopt;
}

void draw(const ir::Node &node, std::size_t index, Tensor &constant, double limit) {
  if (index == 0 && node.op == "Conv2d") return draw_conv(constant, limit);
  if (index == 0 && node.op == "ConvTranspose2d")
    return draw_transposed(constant, node.integer("groups", 1), limit);
  constant.uniform_(-limit, limit);
}

}  // namespace

void initialise_constant(const ir::Node &node, std::size_t index, Tensor &constant,
                         const Sizes &weight_dims) {
  if (node.op == "BatchNorm") {
    constant.fill_(index == 0 ? 1.0 : 0.0);
  } else if (index > 0 && constant.count_nonzero().item<std::int64_t>() == 0) {
    return;
  } else if (const auto limit = limit_of(node, weight_dims)) {
    draw(node, index, constant, *limit);
  }
}

}  // namespace thimble::train
