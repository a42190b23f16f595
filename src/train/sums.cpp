// Operators that sum: products with weights and with one another, reductions, normalisations.
#include <algorithm>
#include <string>

#include "train/differentiable.h"

namespace thimble::train {
namespace {

using torch::Tensor;

Tensor linear(const Call &call) {
  const Tensor flat = call.inputs[0].reshape({call.batch, -1});
  const Tensor out = torch::linear(flat, call.constants[0], call.constants[1]);
  return activated(call.node, out.view(call.out_sizes()));
}

Tensor batch_norm(const Call &call) {
  return activated(call.node, torch::addcmul(call.constants[1], call.inputs[0], call.constants[0]));
}

// One right matrix for all rows is multiplied by all of them at once.
Tensor matmul(const Call &call) {
  const Tensor &left = call.inputs[0];
  Tensor right = call.inputs[1];
  if (call.node.integer("transposed", 0) != 0) right = right.transpose(2, 3);
  if (call.in_shape(1).rows != 1) return torch::matmul(left, right);
  return torch::matmul(left.flatten(1, 2), right.squeeze(1)).view(call.out_sizes());
}

Tensor softmax(const Call &call) { return torch::softmax(call.inputs[0], 3); }
Tensor log_softmax(const Call &call) { return torch::log_softmax(call.inputs[0], 3); }

Tensor product(Tensor in, const std::vector<std::int64_t> &axes) {
  for (const std::int64_t axis : axes) in = torch::prod(in, axis, true);
  return in;
}

// Without axes, each element is all that there is.
Tensor reduce(const Call &call) {
  const std::string kind = call.node.text("kind", "");
  Tensor in = call.inputs[0];
  if (kind == "l1") in = torch::abs(in);
  if (kind == "sum_square") in = torch::square(in);
  std::vector<std::int64_t> axes;  // of the tensor
  for (const std::int64_t axis : call.node.integers("axes"))
    if (std::find(axes.begin(), axes.end(), axis + 1) == axes.end()) axes.push_back(axis + 1);
  if (axes.empty()) return in;
  if (kind == "max") return torch::amax(in, axes, true);
  if (kind == "min") return torch::amin(in, axes, true);
  if (kind == "prod") return product(in, axes);
  return kind == "mean" ? torch::mean(in, axes, true) : torch::sum(in, axes, true);
}

Tensor lrn(const Call &call) {
  const ir::Node &node = call.node;
  const std::int64_t size = node.integer("size", 1);
  const Tensor squares =
      torch::constant_pad_nd(torch::square(call.inputs[0]), {(size - 1) / 2, size / 2});
  const Tensor sums = squares.unfold(3, size, 1).sum(-1);
  const double share = node.real("alpha", 0.0001) / static_cast<double>(size);
  return call.inputs[0] / torch::pow(sums * share + node.real("bias", 1), node.real("beta", 0.75));
}

}  // namespace

Family sum_family() {
  return {{"Linear", linear},   {"BatchNorm", batch_norm},   {"MatMul", matmul},
          {"Softmax", softmax}, {"LogSoftmax", log_softmax}, {"Reduce", reduce},
          {"Lrn", lrn}};
}

}  // namespace thimble::train
