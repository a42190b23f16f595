// Importers of convolutions. Weights are brought into [out][kernel_h][kernel_w][in / groups] here.
#include "ops/convolution_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/integer_list.h"
#include "ops/tflite_import.h"

namespace thimble::ops {
namespace {

// Appends data[...], its axis perm[k] as axis k.
void append_permuted(std::vector<float> &result, const float *data,
                     const std::array<std::int64_t, 4> &dims, const std::array<int, 4> &perm) {
  const std::array<std::int64_t, 4> strides{dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3],
                                            1};
  for (std::int64_t a = 0; a < dims[perm[0]]; ++a)
    for (std::int64_t b = 0; b < dims[perm[1]]; ++b)
      for (std::int64_t c = 0; c < dims[perm[2]]; ++c)
        for (std::int64_t d = 0; d < dims[perm[3]]; ++d)
          result.push_back(data[a * strides[perm[0]] + b * strides[perm[1]] + c * strides[perm[2]] +
                                d * strides[perm[3]]]);
}

// What every convolution reads before its own arithmetic, and where it was found.
struct Source {
  const Imported *input;
  const ForeignTensor *weight;
  std::array<std::int64_t, 4> weight_dims;  // as in the file; columns 1 when 1-D
  std::int64_t groups;
  Window window;
  std::size_t bias_index = 2;
};

std::int64_t groups_of(const ForeignNode &node) {
  return node.integer(node.domain == "onnx" ? "group" : "groups", 1);
}

std::optional<Source> read_source(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  const ForeignTensor *weight = builder.weights(node, 1);
  if (!input || !weight) return {};
  const auto &dims = weight->dims;
  if (dims.size() != input->dims.size() || (dims.size() != 3 && dims.size() != 4) ||
      weight->f32.empty()) {
    builder.error(node,
                  fmt::format("input is [{}], weight [{}]", fmt::join(input->dims, ","),
                              fmt::join(dims, ",")),
                  "1-D convolutions read [1,C,L], 2-D ones [1,C,H,W]");
    return {};
  }
  const std::array<std::int64_t, 4> four{dims[0], dims[1], dims[2], dims.size() == 4 ? dims[3] : 1};
  const auto window = read_window(builder, node, input->dims, Pair{four[2], four[3]});
  if (!window) return {};
  const std::int64_t groups = groups_of(node);
  if (groups < 1 || input->dims[1] % groups != 0 || dims[0] % groups != 0) {
    builder.error(node, fmt::format("groups = {} with {} input channels and a weight of [{}]",
                                    groups, input->dims[1], fmt::join(dims, ",")));
    return {};
  }
  return Source{input, weight, four, groups, *window};
}

// The bias in the file, or zeros.
std::optional<std::vector<float>> read_bias(Builder &builder, const ForeignNode &node,
                                            std::size_t index, std::int64_t channels) {
  if (!builder.has_input(node, index)) return std::vector<float>(channels);
  const ForeignTensor *bias = builder.weights(node, index);
  if (!bias) return {};
  if (static_cast<std::int64_t>(bias->f32.size()) == channels) return bias->f32;
  builder.error(
      node, fmt::format("bias has {} elements for {} output channels", bias->f32.size(), channels));
  return {};
}

// The weights, in so many parts along their first axis, each with its axes as `perm` has them: of
// [out][rows][cols][in].
ir::ConstantId add_weight(Builder &builder, const ForeignNode &node, const Source &source,
                          std::int64_t parts, const std::array<int, 4> &perm) {
  auto dims = source.weight_dims;
  dims[0] /= parts;
  const std::int64_t count = dims[0] * dims[1] * dims[2] * dims[3];
  std::vector<float> data;
  for (std::int64_t group = 0; group < parts; ++group)
    append_permuted(data, source.weight->f32.data() + group * count, dims, perm);
  std::vector<int> stored;
  for (const int axis : perm) stored.push_back(static_cast<int>(dims[axis]));
  stored[0] *= static_cast<int>(parts);
  return builder.add_constant(node.inputs[1], stored, std::move(data));
}

// Adds the node and binds its output. `perm` brings a group's weights into [out][rows][cols][in];
// of TensorFlow Lite's, whose groups do not lie apart, all weights at once.
void add_convolution(Builder &builder, const ForeignNode &node, const Source &source,
                     const std::string &op, std::array<int, 4> perm, std::int64_t out_channels,
                     Pair size, ir::Attributes attributes) {
  const auto bias = read_bias(builder, node, source.bias_index, out_channels);
  if (size[0] < 1 || size[1] < 1)
    return builder.error(node, fmt::format("output would be {} x {}", size[0], size[1]),
                         "the kernel is larger than the padded input");
  ir::ValueId value = kFailedValue;
  if (bias) {
    attributes["stride"] = source.window.stride_attribute();
    attributes["pad"] = source.window.pad_attribute();
    if (source.window.dilation != Pair{1, 1})
      attributes["dilation"] = source.window.dilation_attribute();
    if (source.groups != 1) attributes["groups"] = source.groups;
    const std::string bias_name = builder.has_input(node, source.bias_index)
                                      ? node.inputs[source.bias_index]
                                      : node.name + ".bias";
    const std::int64_t parts = node.domain == "tflite" ? 1 : source.groups;
    const auto weight = add_weight(builder, node, source, parts, perm);
    const auto added_bias =
        builder.add_constant(bias_name, {static_cast<int>(out_channels)}, *bias);
    value = builder.add(node, op, {source.input->value}, {weight, added_bias}, attributes);
  }
  if (!node.outputs.empty())
    builder.bind(node.outputs[0], value, spatial_dims(builder, source.window, out_channels, size));
}

// ONNX gives a transposed convolution's output size directly, or as "same" (input times stride):
// the padding follows from it. Rows that no input reaches become output padding.
void pad_to_size(Window &window, Pair in, Pair size, bool lower) {
  for (int i = 0; i < 2; ++i) {
    const std::int64_t span = (window.kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t total =
        (in[i] - 1) * window.stride[i] + window.output_padding[i] + span - size[i];
    window.pad_before[i] = total < 0 ? 0 : lower ? total - total / 2 : total / 2;
    window.pad_after[i] = total < 0 ? 0 : total - window.pad_before[i];
    if (total < 0) window.output_padding[i] -= total;
  }
}

void resolve_output_size(Builder &builder, const ForeignNode &node, Pair in, Window &window) {
  const std::string mode = node.text("auto_pad", "NOTSET");
  const auto size = node.integers("output_shape");
  if (static_cast<int>(size.size()) == window.axes) {
    // The specification splits an odd total towards the end for SAME_UPPER alone.
    pad_to_size(window, in, {size[0], window.axes == 2 ? size[1] : 1}, mode != "SAME_UPPER");
  } else if (!size.empty()) {
    builder.error(node, fmt::format("output_shape = [{}]", fmt::join(size, ",")),
                  fmt::format("{} sizes are meant", window.axes));
  } else if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    pad_to_size(window, in, {in[0] * window.stride[0], in[1] * window.stride[1]},
                mode == "SAME_LOWER");
  }
}

// The input and weights of a TensorFlow Lite convolution, which lie [out][rows][cols][in / groups]
// (depthwise: [1][rows][cols][out]); reports what cannot be.
std::optional<Source> read_tflite_source(Builder &builder, const ForeignNode &node,
                                         std::size_t input_index) {
  const Imported *input = builder.activation(node, input_index);
  const ForeignTensor *weight = builder.weights(node, 1);
  if (!input || !weight) return {};
  const auto &dims = weight->dims;
  if (input->dims.size() != 4 || dims.size() != 4 || weight->f32.empty()) {
    builder.error(node,
                  fmt::format("input is [{}], weight [{}]", fmt::join(input->dims, ","),
                              fmt::join(dims, ",")),
                  "[1,H,W,C] and [O,H,W,I] are meant");
    return {};
  }
  if (!builder.one_sample(node, input->dims)) return {};
  return Source{input, weight, {dims[0], dims[1], dims[2], dims[3]}, 1, {}};
}

// Groups of a convolution of so many input channels; 0 after a report.
std::int64_t tflite_groups(Builder &builder, const ForeignNode &node, const Source &source) {
  const bool depthwise = node.op == "DEPTHWISE_CONV_2D";
  const std::int64_t channels = source.input->dims[3];
  const auto &dims = source.weight_dims;
  const std::int64_t each = depthwise ? 1 : dims[3], out = depthwise ? dims[3] : dims[0];
  const bool fits = each > 0 && channels % each == 0 && out % (channels / each) == 0 &&
                    (!depthwise || dims[0] == 1);
  if (fits) return channels / each;
  builder.error(node, fmt::format("input has {} channels, weight is [{}]", channels,
                                  fmt::join(source.weight->dims, ",")));
  return 0;
}

// Positions along each axis, with the window's padding.
Pair convolved_size(const Window &window, Pair in) {
  Pair size;
  for (int i = 0; i < 2; ++i) {
    const std::int64_t room = in[i] + window.pad_before[i] + window.pad_after[i] -
                              (window.kernel[i] - 1) * window.dilation[i] - 1;
    size[i] = room < 0 ? 0 : room / window.stride[i] + 1;
  }
  return size;
}

}  // namespace

void import_convolution(Builder &builder, const ForeignNode &node) {
  const auto source = read_source(builder, node);
  if (!source) return;
  const auto &[input, weight, dims, groups, window, bias_index] = *source;
  if (dims[1] * groups != input->dims[1])
    return builder.error(
        node, fmt::format("input has {} channels, weight {}", input->dims[1], dims[1] * groups));
  const Pair size = convolved_size(window, picture_of(builder, input->dims).size);
  add_convolution(builder, node, *source, "Conv2d", {0, 2, 3, 1}, dims[0], size, {});
}

void import_transposed_convolution(Builder &builder, const ForeignNode &node) {
  auto source = read_source(builder, node);
  if (!source) return;
  auto &[input, weight, dims, groups, window, bias_index] = *source;
  if (dims[0] != input->dims[1])
    return builder.error(node,
                         fmt::format("input has {} channels, weight {}", input->dims[1], dims[0]));
  const Pair in{input->dims[2], window.axes == 2 ? input->dims[3] : 1};
  if (node.domain == "onnx") resolve_output_size(builder, node, in, window);
  Pair size;
  for (int i = 0; i < 2; ++i)
    size[i] = (in[i] - 1) * window.stride[i] - window.pad_before[i] - window.pad_after[i] +
              (window.kernel[i] - 1) * window.dilation[i] + 1 + window.output_padding[i];
  add_convolution(builder, node, *source, "ConvTranspose2d", {1, 2, 3, 0}, dims[1] * groups, size,
                  {{"output_padding", window.output_padding_attribute()}});
}

void import_tflite_convolution(Builder &builder, const ForeignNode &node) {
  auto source = read_tflite_source(builder, node, 0);
  const auto limits = fused_limits(builder, node);
  if (!source || !limits) return;
  const auto &dims = source->weight_dims;
  source->groups = tflite_groups(builder, node, *source);
  if (source->groups == 0) return;
  const auto window = read_window(builder, node, source->input->dims, Pair{dims[1], dims[2]});
  if (!window) return;
  source->window = *window;
  const Pair size = convolved_size(*window, picture_of(builder, source->input->dims).size);
  const bool depthwise = node.op == "DEPTHWISE_CONV_2D";
  add_convolution(builder, node, *source, "Conv2d",
                  depthwise ? std::array<int, 4>{3, 1, 2, 0} : std::array<int, 4>{0, 1, 2, 3},
                  depthwise ? dims[3] : dims[0], size, *limits);
}

// Inputs: the output's dimensions, weights, activations, bias. The padding is that of the
// convolution which would make the input of the output.
void import_tflite_transposed(Builder &builder, const ForeignNode &node) {
  auto source = read_tflite_source(builder, node, 2);
  const auto dims = integer_list(builder, node, "output_shape", 0);
  auto limits = fused_limits(builder, node);
  if (!source || !dims || !limits) return;
  const auto &weight = source->weight_dims;
  const auto [channels, in] = picture_of(builder, source->input->dims);
  if (dims->size() != 4 || (*dims)[3] != weight[0] || weight[3] != channels)
    return builder.error(
        node,
        fmt::format("makes [{}] of [{}] with a weight of [{}]", fmt::join(*dims, ","),
                    fmt::join(source->input->dims, ","), fmt::join(source->weight->dims, ",")));
  const Pair size{(*dims)[1], (*dims)[2]};
  auto window = read_window(builder, node, *dims, Pair{weight[1], weight[2]});
  if (!window) return;
  for (int i = 0; i < 2; ++i) {
    const std::int64_t reach = (in[i] - 1) * window->stride[i] + window->kernel[i];
    const std::int64_t rest = reach - window->pad_before[i] - size[i];
    window->pad_after[i] = std::max<std::int64_t>(rest, 0);
    window->output_padding[i] = std::max<std::int64_t>(-rest, 0);
  }
  source->window = *window;
  source->bias_index = 3;
  limits->emplace("output_padding", window->output_padding_attribute());
  add_convolution(builder, node, *source, "ConvTranspose2d", {0, 1, 2, 3}, weight[0], size,
                  std::move(*limits));
}

}  // namespace thimble::ops
