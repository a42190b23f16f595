// Importers of convolutions. Weights are brought into [out][kernel_h][kernel_w][in] here; what is
// not supported yet (groups, dilation) is reported by name, with the output's dimensions still
// known.
#include "ops/convolution_import.h"

#include <fmt/format.h>

#include <algorithm>

namespace thimble::ops {
namespace {

// result[i0][i1][i2][i3] = data[...] whose axis perm[k] is k.
std::vector<float> permuted(const std::vector<float> &data, const std::array<std::int64_t, 4> &dims,
                            const std::array<int, 4> &perm) {
  const std::array<std::int64_t, 4> strides{dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3],
                                            1};
  std::vector<float> result;
  result.reserve(data.size());
  for (std::int64_t a = 0; a < dims[perm[0]]; ++a)
    for (std::int64_t b = 0; b < dims[perm[1]]; ++b)
      for (std::int64_t c = 0; c < dims[perm[2]]; ++c)
        for (std::int64_t d = 0; d < dims[perm[3]]; ++d)
          result.push_back(data[a * strides[perm[0]] + b * strides[perm[1]] + c * strides[perm[2]] +
                                d * strides[perm[3]]]);
  return result;
}

// What every convolution reads before its own arithmetic.
struct Source {
  const Imported *input;
  const ForeignTensor *weight;
  std::array<std::int64_t, 4> weight_dims;  // as in the file; columns 1 when 1-D
  std::int64_t groups;
  Window window;
};

std::int64_t groups_of(const ForeignNode &node) {
  return node.integer(node.domain == "onnx" ? "group" : "groups", 1);
}

// Told by the attributes alone, so also for nodes behind one that is not known.
void report_unsupported(Builder &builder, const ForeignNode &node) {
  const auto dilation = node.integers(node.domain == "onnx" ? "dilations" : "dilation");
  if (groups_of(node) != 1)
    builder.error(node, fmt::format("groups = {} are not supported yet", groups_of(node)));
  if (std::any_of(dilation.begin(), dilation.end(), [](std::int64_t d) { return d != 1; }))
    builder.error(node,
                  fmt::format("dilation = [{}] is not supported yet", fmt::join(dilation, ",")));
}

std::optional<Source> read_source(Builder &builder, const ForeignNode &node) {
  report_unsupported(builder, node);
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
  if (groups < 1 || input->dims[1] % groups != 0) {
    builder.error(node, fmt::format("groups = {} with {} input channels", groups, input->dims[1]));
    return {};
  }
  return Source{input, weight, four, groups, *window};
}

// The bias in the file, or zeros.
std::optional<std::vector<float>> read_bias(Builder &builder, const ForeignNode &node,
                                            std::int64_t channels) {
  if (!builder.has_input(node, 2)) return std::vector<float>(channels);
  const ForeignTensor *bias = builder.weights(node, 2);
  if (!bias) return {};
  if (static_cast<std::int64_t>(bias->f32.size()) == channels) return bias->f32;
  builder.error(
      node, fmt::format("bias has {} elements for {} output channels", bias->f32.size(), channels));
  return {};
}

// Adds the node and binds its output. `perm` brings the file's weights into [out][rows][cols][in].
void add_convolution(Builder &builder, const ForeignNode &node, const Source &source,
                     const std::string &op, std::array<int, 4> perm, std::int64_t out_channels,
                     Pair size, ir::Attributes attributes) {
  const auto bias = read_bias(builder, node, out_channels);
  if (size[0] < 1 || size[1] < 1)
    return builder.error(node, fmt::format("output would be {} x {}", size[0], size[1]),
                         "the kernel is larger than the padded input");
  ir::ValueId value = kFailedValue;
  if (bias && source.groups == 1) {
    const auto &dims = source.weight_dims;
    std::vector<int> stored;
    for (const int axis : perm) stored.push_back(static_cast<int>(dims[axis]));
    const std::string bias_name = builder.has_input(node, 2) ? node.inputs[2] : node.name + ".bias";
    const auto weight =
        builder.add_constant(node.inputs[1], stored, permuted(source.weight->f32, dims, perm));
    const auto added_bias =
        builder.add_constant(bias_name, {static_cast<int>(out_channels)}, *bias);
    value = builder.add(node, op, {source.input->value}, {weight, added_bias}, attributes);
  }
  if (!node.outputs.empty())
    builder.bind(node.outputs[0], value, spatial_dims(source.window, out_channels, size));
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

}  // namespace

void import_convolution(Builder &builder, const ForeignNode &node) {
  const auto source = read_source(builder, node);
  if (!source) return;
  const auto &[input, weight, dims, groups, window] = *source;
  if (dims[1] * groups != input->dims[1])
    return builder.error(
        node, fmt::format("input has {} channels, weight {}", input->dims[1], dims[1] * groups));
  Pair size;
  for (int i = 0; i < 2; ++i) {
    const std::int64_t in = 2 + i < static_cast<int>(input->dims.size()) ? input->dims[2 + i] : 1;
    const std::int64_t room = in + window.pad_before[i] + window.pad_after[i] -
                              (window.kernel[i] - 1) * window.dilation[i] - 1;
    size[i] = room < 0 ? 0 : room / window.stride[i] + 1;
  }
  add_convolution(builder, node, *source, "Conv2d", {0, 2, 3, 1}, dims[0], size,
                  {{"stride", window.stride_attribute()}, {"pad", window.pad_attribute()}});
}

void import_transposed_convolution(Builder &builder, const ForeignNode &node) {
  auto source = read_source(builder, node);
  if (!source) return;
  auto &[input, weight, dims, groups, window] = *source;
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
                  {{"stride", window.stride_attribute()},
                   {"pad", window.pad_attribute()},
                   {"output_padding", std::vector<std::int64_t>{window.output_padding[0],
                                                                window.output_padding[1]}}});
}

}  // namespace thimble::ops
