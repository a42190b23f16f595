// Weights go from [out][kernel_h][kernel_w][in] to ONNX's orders; a Linear's rows and columns from
// row, column, channel to channel, row, column.
#include "frontends/onnx/write_weighted.h"

namespace thimble::frontends::onnx {
namespace {

// How a node's constants go to the file.
struct Arrangement {
  Dims dims;              // of the weight
  Order weight;           // its elements
  Order out;              // output channels: of bias and scales
  std::int64_t axis = 0;  // of `dims`, the output channels
};

struct Names {
  std::string weight, bias;
};

// Integers as an initializer, a scale an output channel (or one for all), a DequantizeLinear.
template <class T>
std::string write_integers(Writing &writing, const std::string &name, const Dims &dims,
                           const std::vector<T> &data, const std::vector<float> &scales,
                           std::int64_t axis) {
  ModelWriter &model = writing.model;
  const Dims scale_dims = scales.size() == 1 ? Dims{} : Dims{std::ssize(scales)};
  const std::string real = model.fresh(name);
  const std::string integers = model.initializer(name + "_quantized", dims, data);
  const std::string scale = model.initializer(name + "_scale", scale_dims, scales);
  const std::string zero =
      model.initializer(name + "_zero_point", scale_dims, std::vector<T>(scales.size()));
  ir::Attributes attributes;
  if (!scale_dims.empty()) attributes["axis"] = axis;
  model.node("DequantizeLinear", {integers, scale, zero}, real, attributes);
  return real;
}

Names write_weights(Writing &writing, const ir::Node &node, const Arrangement &how) {
  const ir::Constant &weight = writing.graph.constant(node.constants[0]);
  const ir::Constant &bias = writing.graph.constant(node.constants[1]);
  const Dims bias_dims{std::ssize(how.out)};
  if (const auto *reals = std::get_if<std::vector<float>>(&weight.data)) {
    const auto &biases = std::get<std::vector<float>>(bias.data);
    return {writing.model.initializer(weight.name, how.dims, ordered(*reals, how.weight)),
            writing.model.initializer(bias.name, bias_dims, ordered(biases, how.out))};
  }
  std::vector<float> scales = weight.scales;
  if (scales.size() > 1) scales = ordered(scales, how.out);
  std::vector<float> bias_scales = scales;
  for (float &scale : bias_scales) scale *= writing.graph.value(node.inputs[0]).type.quant->scale;
  const auto &weights = std::get<std::vector<std::int8_t>>(weight.data);
  const auto &biases = std::get<std::vector<std::int32_t>>(bias.data);
  return {write_integers(writing, weight.name, how.dims, ordered(weights, how.weight), scales,
                         how.axis),
          write_integers(writing, bias.name, bias_dims, ordered(biases, how.out), bias_scales, 0)};
}

ir::Attributes window(const ir::Node &node) {
  ir::Attributes attributes{{"strides", node.integers("stride", {1, 1})},
                            {"pads", node.integers("pad", {0, 0, 0, 0})}};
  const Dims dilation = node.integers("dilation", {1, 1});
  if (dilation != Dims{1, 1}) attributes["dilations"] = dilation;
  return attributes;
}

// A transposed convolution's [in / groups][out][rows][columns] as ONNX's
// [in][out / groups][rows][columns].
void regroup(Arrangement &how, std::int64_t groups) {
  const std::int64_t in = how.dims[0], out = how.dims[1] / groups;
  const std::int64_t taps = how.dims[2] * how.dims[3];
  Order order;
  for (std::int64_t i = 0; i < in * groups; ++i)
    for (std::int64_t o = 0; o < out; ++o)
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        const std::int64_t from = (i % in * how.dims[1] + i / in * out + o) * taps + tap;
        order.push_back(how.weight[static_cast<std::size_t>(from)]);
      }
  how.weight = std::move(order);
  how.dims[0] = in * groups, how.dims[1] = out;
}

}  // namespace

void write_convolution(Writing &writing, const ir::Node &node, const std::string &to) {
  const bool transposed = node.op == "ConvTranspose2d";
  const std::array<int, 4> perm =
      transposed ? std::array<int, 4>{3, 0, 1, 2} : std::array<int, 4>{0, 3, 1, 2};
  const std::vector<int> &dims = writing.graph.constant(node.constants[0]).dims;
  const std::int64_t groups = node.integer("groups", 1);
  Arrangement how{{}, permuted(perm, dims), identity(dims[0]), transposed ? 1 : 0};
  for (const int axis : perm) how.dims.push_back(dims[axis]);
  if (transposed && groups > 1) regroup(how, groups);
  const Names names = write_weights(writing, node, how);
  ir::Attributes attributes = window(node);
  attributes["kernel_shape"] = std::vector<std::int64_t>{dims[1], dims[2]};
  attributes["group"] = groups;
  if (transposed) attributes["output_padding"] = node.integers("output_padding", {0, 0});
  write_picture(writing, node, transposed ? "ConvTranspose" : "Conv",
                {picture(writing, node, 0), names.weight, names.bias}, to, attributes);
}

void write_linear(Writing &writing, const ir::Node &node, const std::string &to) {
  const ir::Shape &in = shape_of(writing, node.inputs[0]);
  const ir::Shape &out = shape_of(writing, node.outputs[0]);
  const Order columns = channels_first(in), rows = channels_first(out);
  Arrangement how{{std::ssize(rows), std::ssize(columns)}, {}, rows, 0};
  for (const std::size_t row : rows)
    for (const std::size_t column : columns) how.weight.push_back(row * columns.size() + column);
  const Names names = write_weights(writing, node, how);
  std::string from = writing.names[node.inputs[0]];
  if (!is_vector(in)) {
    const std::string flat = writing.model.fresh(from + "_flat");
    writing.model.node("Flatten", {from}, flat);
    from = flat;
  }
  const std::string made = is_vector(out) ? to : writing.model.fresh(to + "_flat");
  writing.model.node("Gemm", {from, names.weight, names.bias}, made, {{"transB", std::int64_t{1}}});
  if (!is_vector(out)) write_reshape(writing, made, to, file_dims(out));
}

void write_max_pool(Writing &writing, const ir::Node &node, const std::string &to) {
  ir::Attributes attributes = window(node);
  attributes["kernel_shape"] = node.integers("kernel");
  write_picture(writing, node, "MaxPool", {picture(writing, node, 0)}, to, attributes);
}

void write_average_pool(Writing &writing, const ir::Node &node, const std::string &to) {
  ir::Attributes attributes = window(node);
  attributes["kernel_shape"] = node.integers("kernel");
  const Dims none{0, 0, 0, 0}, counted = node.integers("counted", none);
  attributes["count_include_pad"] = std::int64_t{counted != none};
  write_picture(writing, node, "AveragePool", {picture(writing, node, 0)}, to, attributes);
}

// Mean 0 and variance 1: scale and shift as they are.
void write_batch_norm(Writing &writing, const ir::Node &node, const std::string &to) {
  const std::size_t channels = writing.graph.constant(node.constants[0]).dims[0];
  const Dims dims{std::ssize(identity(channels))};
  const Names names =
      write_weights(writing, node, {dims, identity(channels), identity(channels), 0});
  const std::string mean =
      writing.model.initializer(to + "_mean", dims, std::vector<float>(channels, 0.0f));
  const std::string variance =
      writing.model.initializer(to + "_variance", dims, std::vector<float>(channels, 1.0f));
  writing.model.node("BatchNormalization",
                     {writing.names[node.inputs[0]], names.weight, names.bias, mean, variance}, to,
                     {{"epsilon", 0.0}});
}

}  // namespace thimble::frontends::onnx
