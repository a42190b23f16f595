// Convolutions and pools. libtorch wants [batch, channels, rows, cols], in whatever order of
// strides: the views given to it are what it calls channels-last, so that nothing is copied.
#include <algorithm>
#include <limits>

#include "train/differentiable.h"

namespace thimble::train {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

Tensor channels_first(const Tensor &value) { return value.permute({0, 3, 1, 2}); }
Tensor channels_last(const Tensor &picture) { return picture.permute({0, 2, 3, 1}); }

// Sides {top, left, bottom, right} around a picture; negative ones cut.
Tensor padded(const Tensor &picture, const Sizes &pad, double value = 0) {
  if (pad == Sizes{0, 0, 0, 0}) return picture;
  return torch::constant_pad_nd(picture, {pad[1], pad[3], pad[0], pad[2]}, value);
}

bool is_even(const Sizes &pad) { return pad[0] == pad[2] && pad[1] == pad[3]; }

Sizes pad_of(const ir::Node &node) { return node.integers("pad", {0, 0, 0, 0}); }

// Weights [out][kernel_h][kernel_w][in / groups] as libtorch's [out][in / groups][h][w].
Tensor conv2d(const Call &call) {
  const ir::Node &node = call.node;
  const Sizes pad = pad_of(node);
  Tensor in = channels_first(call.inputs[0]);
  if (!is_even(pad)) in = padded(in, pad);
  const Sizes inside = is_even(pad) ? Sizes{pad[0], pad[1]} : Sizes{0, 0};
  const Tensor out = torch::conv2d(in, channels_first(call.constants[0]), call.constants[1],
                                   node.integers("stride", {1, 1}), inside,
                                   node.integers("dilation", {1, 1}), node.integer("groups", 1));
  return activated(node, channels_last(out));
}

// The same as libtorch's [in][out / groups][h][w].
Tensor transposed_weight(const Tensor &weight, std::int64_t groups) {
  if (groups == 1) return weight.permute({3, 0, 1, 2});
  const Tensor grouped = weight.unflatten(0, {groups, weight.size(0) / groups});
  return grouped.permute({0, 4, 1, 2, 3}).flatten(0, 1);
}

// Where libtorch's paddings do not do, its whole output is computed and cut.
Tensor conv_transpose2d(const Call &call) {
  const ir::Node &node = call.node;
  const Sizes pad = pad_of(node), stride = node.integers("stride", {1, 1});
  const Sizes more = node.integers("output_padding", {0, 0});
  const Sizes dilation = node.integers("dilation", {1, 1});
  const std::int64_t groups = node.integer("groups", 1);
  const Tensor in = channels_first(call.inputs[0]);
  const Tensor weight = transposed_weight(call.constants[0], groups), &bias = call.constants[1];
  const bool direct = is_even(pad) && more[0] < std::max(stride[0], dilation[0]) &&
                      more[1] < std::max(stride[1], dilation[1]);
  if (direct)
    return activated(
        node, channels_last(torch::conv_transpose2d(in, weight, bias, stride, {pad[0], pad[1]},
                                                    more, groups, dilation)));
  const Tensor whole = torch::conv_transpose2d(in, weight, {}, stride, 0, 0, groups, dilation);
  const Tensor cut = padded(whole, {-pad[0], -pad[1], more[0] - pad[2], more[1] - pad[3]});
  return activated(node, channels_last(cut) + bias);
}

struct Window {
  Sizes kernel, stride, dilation, pad;
};

Window window_of(const ir::Node &node) {
  const Sizes kernel = node.integers("kernel");
  return {kernel, node.integers("stride", kernel), node.integers("dilation", {1, 1}), pad_of(node)};
}

// libtorch pads by up to half a kernel itself.
Tensor max_pool2d(const Call &call) {
  auto [kernel, stride, dilation, pad] = window_of(call.node);
  Tensor in = channels_first(call.inputs[0]);
  if (!is_even(pad) || 2 * pad[0] > kernel[0] || 2 * pad[1] > kernel[1]) {
    in = padded(in, pad, -std::numeric_limits<double>::infinity());
    pad = {0, 0, 0, 0};
  }
  return channels_last(torch::max_pool2d(in, kernel, stride, {pad[0], pad[1]}, dilation));
}

// Of a picture with its padding around it.
Tensor window_sums(const Tensor &picture, const Window &window) {
  if (window.dilation == Sizes{1, 1})
    return torch::avg_pool2d(picture, window.kernel, window.stride, 0, false, true, 1);
  const std::int64_t channels = picture.size(1);
  const Tensor ones = torch::ones({channels, 1, window.kernel[0], window.kernel[1]});
  return torch::conv2d(picture, ones, {}, window.stride, Sizes{0, 0}, window.dilation, channels);
}

// How many elements of each window are the input's, or padding that counts.
Tensor counts(const Call &call, const Window &window) {
  const Sizes counted = call.node.integers("counted", {0, 0, 0, 0});
  Sizes rest = window.pad;
  for (int i = 0; i < 4; ++i) rest[i] -= counted[i];
  const ir::Shape &in = call.in_shape();
  const Tensor ones =
      torch::ones({1, 1, in.rows + counted[0] + counted[2], in.cols + counted[1] + counted[3]});
  return channels_last(window_sums(padded(ones, rest), window));
}

Tensor average_pool2d(const Call &call) {
  const Window window = window_of(call.node);
  const Tensor in = padded(channels_first(call.inputs[0]), window.pad);
  const Tensor sums = channels_last(window_sums(in, window));
  if (const auto divisor = call.node.integer("divisor", 0); divisor > 0) return sums / divisor;
  if (window.pad == Sizes{0, 0, 0, 0}) return sums / (window.kernel[0] * window.kernel[1]);
  return sums / counts(call, window);
}

// The root of a sum of 0 has no finite slope: there it is taken to be level.
Tensor lp_pool2d(const Call &call) {
  const double power = call.node.real("p", 2);
  const Window window = window_of(call.node);
  const Tensor powers = torch::pow(torch::abs(channels_first(call.inputs[0])), power);
  const Tensor sums = channels_last(window_sums(padded(powers, window.pad), window));
  const Tensor positive = sums > 0, safe = torch::where(positive, sums, 1.0);
  return torch::where(positive, torch::pow(safe, 1 / power), 0.0);
}

}  // namespace

Family window_family() {
  return {{"Conv2d", conv2d},
          {"ConvTranspose2d", conv_transpose2d},
          {"MaxPool2d", max_pool2d},
          {"AveragePool2d", average_pool2d},
          {"LpPool2d", lp_pool2d}};
}

}  // namespace thimble::train
