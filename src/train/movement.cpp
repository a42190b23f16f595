// Operators that only move elements, and resizing. Gradients flow back to where elements came from.
#include <algorithm>
#include <numeric>

#include "ops/permute.h"
#include "ops/resampling.h"
#include "train/differentiable.h"

namespace thimble::train {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

Tensor reshape(const Call &call) { return call.inputs[0].reshape(call.out_sizes()); }

Tensor permute(const Call &call) {
  const auto perm = ops::permutation(call.node);
  return call.inputs[0].permute({0, perm[0] + 1, perm[1] + 1, perm[2] + 1});
}

// libtorch knows no negative strides: such an axis is read forwards and then turned round.
Tensor as_strided(const Call &call) {
  const Tensor in = call.inputs[0].contiguous();
  Sizes size = call.node.integers("size"), stride = call.node.integers("stride"), turned;
  std::int64_t offset = call.node.integer("offset", 0) + in.storage_offset();
  for (std::size_t i = 0; i < size.size(); ++i) {
    if (stride[i] >= 0) continue;
    offset += (size[i] - 1) * stride[i];
    stride[i] = -stride[i];
    turned.push_back(static_cast<std::int64_t>(i) + 1);
  }
  size.insert(size.begin(), call.batch);
  stride.insert(stride.begin(), call.in_shape().elements());
  return torch::as_strided(in, size, stride, offset).flip(turned).reshape(call.out_sizes());
}

Tensor gather(const Call &call) {
  const std::int64_t count = call.node.integer("count", 1), inner = call.node.integer("inner", 1);
  const Tensor indices = torch::tensor(call.node.integers("indices"), torch::kInt64);
  const Tensor slices = call.inputs[0].reshape({-1, count, inner});
  return torch::index_select(slices, 1, indices).view(call.out_sizes());
}

// Which of `count` positions fills each padded one.
Sizes filling(const std::string &mode, std::int64_t count, std::int64_t before,
              std::int64_t after) {
  Sizes positions;
  for (std::int64_t at = -before; at < count + after; ++at) {
    if (mode == "edge")
      positions.push_back(std::clamp<std::int64_t>(at, 0, count - 1));
    else if (mode == "reflect")
      positions.push_back(at < 0 ? -at : at < count ? at : 2 * (count - 1) - at);
    else
      positions.push_back((at + count) % count);
  }
  return positions;
}

Tensor pad(const Call &call) {
  const std::string mode = call.node.text("mode", "constant");
  const Sizes before = call.node.integers("before"), after = call.node.integers("after");
  Tensor out = call.inputs[0];
  if (mode == "constant")
    return torch::constant_pad_nd(out,
                                  {before[2], after[2], before[1], after[1], before[0], after[0]},
                                  call.node.real("value", 0));
  for (int i = 0; i < 3; ++i) {
    if (before[i] == 0 && after[i] == 0) continue;
    const Sizes positions = filling(mode, out.size(i + 1), before[i], after[i]);
    out = torch::index_select(out, i + 1, torch::tensor(positions, torch::kInt64));
  }
  return out;
}

Tensor constant(const Call &call) { return call.constants[0].expand(call.out_sizes()); }

Tensor concat(const Call &call) {
  return torch::cat(call.inputs, call.node.integer("axis", 0) + 1);
}

Tensor columns(const Call &call) {
  return call.inputs[0].slice(2, call.node.integer("begin", 0), call.node.integer("end", 0));
}

Tensor copy(const Call &call) { return call.inputs[0]; }

Tensor resize_nearest(const Call &call) {
  const ir::Shape &in = call.in_shape();
  const Sizes scale = call.node.integers("scale");
  const Tensor apart = call.inputs[0].reshape({call.batch, in.rows, 1, in.cols, 1, in.channels});
  return apart.expand({call.batch, in.rows, scale[0], in.cols, scale[1], in.channels})
      .reshape(call.out_sizes());
}

// [out][in]: what each output position takes of each input position.
Tensor shares(const ops::Resampling &axis, int in) {
  const auto out = static_cast<std::int64_t>(axis.first.size());
  Tensor matrix = torch::zeros({out, in});
  auto share = matrix.accessor<float, 2>();
  for (std::int64_t i = 0; i < out; ++i)
    for (int k = 0; k < axis.taps; ++k)
      share[i][axis.first[i] + k] = static_cast<float>(axis.weights[i * axis.taps + k]);
  return matrix;
}

Tensor resample(const Call &call) {
  const ir::Node &node = call.node;
  const ir::Shape &in = call.in_shape(), &out = call.out_shape();
  const ops::ResizeRule rule = ops::resize_rule(node);
  const auto rows = ops::resampling(rule, in.rows, out.rows, node.real("scale_h", 0));
  const auto cols = ops::resampling(rule, in.cols, out.cols, node.real("scale_w", 0));
  const Tensor resized = torch::matmul(shares(rows, in.rows), call.inputs[0].flatten(2));
  return torch::matmul(shares(cols, in.cols), resized.unflatten(2, {in.cols, in.channels}));
}

}  // namespace

Family movement_family() {
  return {{"Reshape", reshape},
          {"Permute", permute},
          {"AsStrided", as_strided},
          {"Gather", gather},
          {"Pad", pad},
          {"Constant", constant},
          {"Concat", concat},
          {"Columns", columns},
          {"Copy", copy},
          {"ResizeNearest", resize_nearest},
          {"Resample", resample}};
}

}  // namespace thimble::train
