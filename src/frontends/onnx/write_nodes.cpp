// One function an operator and one table. Weights go from [out][kernel_h][kernel_w][in] to ONNX's
// orders; a Linear's rows and columns from row, column, channel to channel, row, column.
#include "frontends/onnx/write_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "frontends/onnx/write_elementwise.h"
#include "ops/infer.h"
#include "ops/operator.h"

namespace thimble::frontends::onnx {
namespace {

using Order = std::vector<std::size_t>;  // new element i is old element order[i]

const ir::Shape &shape_of(const Writing &writing, ir::ValueId value) {
  return writing.graph.value(value).type.shape;
}

bool is_vector(const ir::Shape &shape) { return shape.rows == 1 && shape.cols == 1; }

Dims picture_dims(const ir::Shape &shape) { return {1, shape.channels, shape.rows, shape.cols}; }

template <class T>
std::vector<T> ordered(const std::vector<T> &data, const Order &order) {
  std::vector<T> result;
  result.reserve(order.size());
  for (const std::size_t from : order) result.push_back(data[from]);
  return result;
}

Order identity(std::size_t count) {
  Order order(count);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// Of an array of `dims` whose axis perm[k] becomes axis k.
Order permuted(const std::array<int, 4> &perm, const std::vector<int> &dims) {
  std::array<std::size_t, 4> strides{};
  std::size_t stride = 1;
  for (std::size_t axis = 4; axis-- > 0;) {
    strides[axis] = stride;
    stride *= static_cast<std::size_t>(dims[axis]);
  }
  Order order;
  for (int a = 0; a < dims[perm[0]]; ++a)
    for (int b = 0; b < dims[perm[1]]; ++b)
      for (int c = 0; c < dims[perm[2]]; ++c)
        for (int d = 0; d < dims[perm[3]]; ++d)
          order.push_back(a * strides[perm[0]] + b * strides[perm[1]] + c * strides[perm[2]] +
                          d * strides[perm[3]]);
  return order;
}

// Channel, row, column from row, column, channel.
Order channels_first(const ir::Shape &shape) {
  return permuted({0, 3, 1, 2}, {1, shape.rows, shape.cols, shape.channels});
}

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

void write_reduce(Writing &writing, const ir::Node &node, const std::string &to) {
  static const std::map<std::string, std::string_view> kOps = {{"sum", "ReduceSum"},
                                                               {"mean", "ReduceMean"},
                                                               {"max", "ReduceMax"},
                                                               {"min", "ReduceMin"},
                                                               {"prod", "ReduceProd"},
                                                               {"l1", "ReduceL1"},
                                                               {"sum_square", "ReduceSumSquare"}};
  constexpr std::array<std::int64_t, 3> kFileAxis{2, 3, 1};  // of rows, columns, channels
  Dims axes;
  for (const std::int64_t axis : node.integers("axes"))
    axes.push_back(kFileAxis[static_cast<std::size_t>(axis)]);
  const std::string_view op = kOps.at(node.text("kind", "sum"));
  std::vector<std::string> inputs{picture(writing, node, 0)};
  ir::Attributes attributes{{"keepdims", std::int64_t{1}}};
  if (op == "ReduceSum")
    inputs.push_back(writing.model.initializer(to + "_axes", {std::ssize(axes)}, axes));
  else
    attributes["axes"] = axes;
  write_picture(writing, node, op, inputs, to, attributes);
}

// Input `index` in the order of its stored elements, [1, H, W, C].
std::string stored(Writing &writing, const ir::Node &node, std::size_t index) {
  const std::string &name = writing.names[node.inputs[index]];
  const std::string made = writing.model.fresh(name + "_stored");
  write_to_stored(writing, name, made, shape_of(writing, node.inputs[index]));
  return made;
}

// Operand `index` of a product in stored order: [rows, columns, channels], or a matrix where there
// is but one row (`flat`: or where rows are those of a matrix).
std::string factor(Writing &writing, const ir::Node &node, std::size_t index, bool flat) {
  const ir::Shape &shape = shape_of(writing, node.inputs[index]);
  const std::string from = stored(writing, node, index);
  const std::string made = writing.model.fresh(from + "_factor");
  const std::int64_t rows = shape.rows, cols = shape.cols;
  write_reshape(
      writing, from, made,
      flat || rows == 1 ? Dims{rows * cols, shape.channels} : Dims{rows, cols, shape.channels});
  return made;
}

void write_mat_mul(Writing &writing, const ir::Node &node, const std::string &to) {
  const bool one_matrix = shape_of(writing, node.inputs[1]).rows == 1;
  std::string right = factor(writing, node, 1, one_matrix);
  if (node.integer("transposed", 0) != 0) {
    const std::string turned = writing.model.fresh(to + "_transposed");
    writing.model.node("Transpose", {right}, turned,
                       {{"perm", one_matrix ? Dims{1, 0} : Dims{0, 2, 1}}});
    right = turned;
  }
  const std::string left = factor(writing, node, 0, one_matrix);
  const std::string product = writing.model.fresh(to + "_product");
  writing.model.node("MatMul", {left, right}, product);
  std::string rounded = product;
  const ir::ValueId output = node.outputs[0];
  if (writing.graph.value(output).type.quant) {  // right behind the product, for who reads it
    rounded = writing.model.fresh(to + "_rounded");
    write_quantization(writing, output, product, rounded);
  }
  write_from_stored(writing, rounded, to, shape_of(writing, output));
}

void write_pad(Writing &writing, const ir::Node &node, const std::string &to) {
  const Dims before = node.integers("before"), after = node.integers("after");
  const Dims pads{0, before[2], before[0], before[1], 0, after[2], after[0], after[1]};
  const std::string mode = node.text("mode", "constant");
  std::vector<std::string> inputs{picture(writing, node, 0),
                                  writing.model.initializer(to + "_pads", {8}, pads)};
  if (mode == "constant")
    inputs.push_back(writing.model.initializer(
        to + "_value", {}, std::vector<float>{static_cast<float>(node.real("value", 0))}));
  write_picture(writing, node, "Pad", inputs, to, {{"mode", mode}});
}

void write_resample(Writing &writing, const ir::Node &node, const std::string &to) {
  const ir::Shape &in = shape_of(writing, node.inputs[0]);
  const ir::Shape &out = shape_of(writing, node.outputs[0]);
  const double scale_h = node.real("scale_h", 1), scale_w = node.real("scale_w", 1);
  const auto by_size = [](double scale, int from, int made) {
    return std::abs(scale * from - made) < 1e-3;
  };
  std::vector<std::string> inputs{picture(writing, node, 0), ""};
  if (by_size(scale_h, in.rows, out.rows) && by_size(scale_w, in.cols, out.cols)) {
    inputs.push_back("");
    inputs.push_back(
        writing.model.initializer(to + "_sizes", {4}, Dims{1, in.channels, out.rows, out.cols}));
  } else {
    inputs.push_back(writing.model.initializer(
        to + "_scales", {4},
        std::vector<float>{1, 1, static_cast<float>(scale_h), static_cast<float>(scale_w)}));
  }
  ir::Attributes attributes{
      {"mode", node.text("mode", "nearest")},
      {"nearest_mode", node.text("rounding", "round_prefer_floor")},
      {"coordinate_transformation_mode", node.text("transformation", "half_pixel")}};
  if (node.text("mode", "") == "cubic") {
    attributes["cubic_coeff_a"] = node.real("cubic_a", -0.75);
    attributes["exclude_outside"] = node.integer("exclude_outside", 0);
  }
  write_picture(writing, node, "Resize", inputs, to, attributes);
}

// Whatever only moves elements: those of the flat stored input, by number.
void write_moved(Writing &writing, const ir::Node &node, const std::string &to) {
  const ir::Shape &in = shape_of(writing, node.inputs[0]);
  ops::Tensor numbers{{in, ir::DType::kF32, std::nullopt}, {}, {}};
  numbers.f32.resize(static_cast<std::size_t>(in.elements()));
  std::iota(numbers.f32.begin(), numbers.f32.end(), 0.0f);
  ops::Tensor moved{{shape_of(writing, node.outputs[0]), ir::DType::kF32, std::nullopt}, {}, {}};
  const ops::Tensor *const input = &numbers;
  ops::operator_of(node).eval_float(writing.graph, node, {&input, 1}, {&moved, 1});
  const Dims sources(moved.f32.begin(), moved.f32.end());
  const std::string flat = writing.model.fresh(to + "_from");
  write_reshape(writing, stored(writing, node, 0), flat, {in.elements()});
  const std::string picked = writing.model.fresh(to + "_picked");
  writing.model.node(
      "Gather", {flat, writing.model.initializer(to + "_sources", {std::ssize(sources)}, sources)},
      picked);
  write_from_stored(writing, picked, to, shape_of(writing, node.outputs[0]));
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

// The operator of the same name (or `Op`), one tensor or several, nothing else to say.
template <const char *Op>
void write_plain(Writing &writing, const ir::Node &node, const std::string &to) {
  std::vector<std::string> inputs;
  for (const ir::ValueId input : node.inputs) inputs.push_back(writing.names[input]);
  writing.model.node(Op, inputs, to);
}

template <const char *Op>
void write_over_channels(Writing &writing, const ir::Node &node, const std::string &to) {
  writing.model.node(Op, {writing.names[node.inputs[0]]}, to, {{"axis", std::int64_t{1}}});
}

void write_concat(Writing &writing, const ir::Node &node, const std::string &to) {
  std::vector<std::string> inputs;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(picture(writing, node, i));
  write_picture(writing, node, "Concat", inputs, to,
                {{"axis", std::int64_t{node.integer("axis", 0) == 0 ? 2 : 1}}});
}

void write_reshaped(Writing &writing, const ir::Node &node, const std::string &to) {
  const std::string stored = writing.model.fresh(to + "_stored");
  write_to_stored(writing, writing.names[node.inputs[0]], stored,
                  shape_of(writing, node.inputs[0]));
  write_from_stored(writing, stored, to, shape_of(writing, node.outputs[0]));
}

void write_permute(Writing &writing, const ir::Node &node, const std::string &to) {
  constexpr std::array<std::int64_t, 3> kFileAxis{2, 3, 1};  // of rows, columns, channels
  std::vector<std::int64_t> perm(4, 0);
  const auto stored = node.integers("perm");
  for (std::size_t axis = 0; axis < 3; ++axis)
    perm[kFileAxis[axis]] = kFileAxis[static_cast<std::size_t>(stored[axis])];
  write_picture(writing, node, "Transpose", {picture(writing, node, 0)}, to, {{"perm", perm}});
}

void write_resize(Writing &writing, const ir::Node &node, const std::string &to) {
  const auto scale = node.integers("scale");
  const std::string scales = writing.model.initializer(
      to + "_scales", {4},
      std::vector<float>{1, 1, static_cast<float>(scale[0]), static_cast<float>(scale[1])});
  write_picture(writing, node, "Resize", {picture(writing, node, 0), "", scales}, to,
                {{"mode", std::string("nearest")},
                 {"nearest_mode", std::string("floor")},
                 {"coordinate_transformation_mode", std::string("asymmetric")}});
}

void write_constant(Writing &writing, const ir::Node &node, const std::string &to) {
  const ir::Constant &constant = writing.graph.constant(node.constants[0]);
  const ir::Shape &shape = shape_of(writing, node.outputs[0]);
  const std::string name = writing.model.initializer(
      constant.name, file_dims(shape),
      ordered(std::get<std::vector<float>>(constant.data), channels_first(shape)));
  writing.model.node("Identity", {name}, to);
}

constexpr char kIdentityName[] = "Identity", kSoftmaxName[] = "Softmax",
               kLogSoftmaxName[] = "LogSoftmax", kHardmaxName[] = "Hardmax";

struct Rule {
  std::string_view op;
  void (*write)(Writing &, const ir::Node &, const std::string &to);
  std::vector<std::string_view> attributes;  // that it knows, besides the fused activation's
};

const Rule kRules[] = {
    {"Conv2d", write_convolution, {"stride", "pad", "dilation", "groups"}},
    {"ConvTranspose2d",
     write_convolution,
     {"stride", "pad", "dilation", "groups", "output_padding"}},
    {"Linear", write_linear, {"out_shape"}},
    {"MaxPool2d", write_max_pool, {"kernel", "stride", "pad", "dilation"}},
    {"AveragePool2d", write_average_pool, {"kernel", "stride", "pad", "dilation", "counted"}},
    {"BatchNorm", write_batch_norm, {}},
    {"FakeQuantize", write_plain<kIdentityName>, {"scale", "zero_point"}},
    {"Softmax", write_over_channels<kSoftmaxName>, {}},
    {"LogSoftmax", write_over_channels<kLogSoftmaxName>, {}},
    {"Hardmax", write_over_channels<kHardmaxName>, {}},
    {"Reduce", write_reduce, {"kind", "axes"}},
    {"MatMul", write_mat_mul, {"transposed"}},
    {"Reshape", write_reshaped, {"out_shape"}},
    {"Permute", write_permute, {"perm"}},
    {"AsStrided", write_moved, {"size", "stride", "offset", "out_shape"}},
    {"Gather", write_moved, {"count", "inner", "indices", "out_shape"}},
    {"Pad", write_pad, {"before", "after", "mode", "value"}},
    {"Concat", write_concat, {"axis"}},
    {"Copy", write_plain<kIdentityName>, {}},
    {"Constant", write_constant, {}},
    {"ResizeNearest", write_resize, {"scale"}},
    {"Resample",
     write_resample,
     {"out", "scale_h", "scale_w", "mode", "transformation", "rounding", "cubic_a",
      "exclude_outside"}},
};

bool is_activation(std::string_view attribute) {
  return attribute == "act" || attribute == "act_min" || attribute == "act_max";
}

// Cuts `from` as the node's fused activation does.
void write_activation(Writing &writing, const ir::Node &node, const std::string &from,
                      const std::string &to) {
  if (!node.attributes.count("act_min") && !node.attributes.count("act_max"))
    return writing.model.node("Relu", {from}, to);
  std::vector<std::string> inputs{from, "", ""};
  for (const char *end : {"act_min", "act_max"}) {
    const bool relu = end == std::string_view("act_min") && node.text("act", "") == "relu";
    if (!relu && !node.attributes.count(end)) continue;
    inputs[end == std::string_view("act_min") ? 1 : 2] = writing.model.initializer(
        to + "_" + end, {}, std::vector<float>{static_cast<float>(node.real(end, 0))});
  }
  writing.model.node("Clip", inputs, to);
}

Status check_attributes(const ir::Node &node, const Rule &rule) {
  for (const auto &[name, value] : node.attributes)
    if (!is_activation(name) &&
        !std::count(rule.attributes.begin(), rule.attributes.end(), std::string_view(name)))
      return ops::node_error(node, fmt::format("its '{}' cannot be written as ONNX yet", name));
  return Unit{};
}

// What ONNX has no words for, of operators that it has.
std::string unsayable(const ir::Graph &graph, const ir::Node &node) {
  const Dims none{0, 0, 0, 0}, pad = node.integers("pad", none);
  if (node.op == "AveragePool2d") {
    if (node.integers("dilation", {1, 1}) != Dims{1, 1}) return "its windows are dilated";
    const Dims counted = node.integers("counted", none);
    if (counted != none && counted != pad) return "it counts a part of its padding";
  }
  const bool by_channel =
      node.op == "ConvTranspose2d" && graph.constant(node.constants[0]).scales.size() > 1;
  if (by_channel && node.integer("groups", 1) > 1)
    return "groups of transposed convolutions with a scale a channel";
  return {};
}

}  // namespace

Dims file_dims(const ir::Shape &shape) {
  return is_vector(shape) ? Dims{1, shape.channels} : picture_dims(shape);
}

std::string picture(Writing &writing, const ir::Node &node, std::size_t index) {
  const ir::ValueId value = node.inputs[index];
  const std::string &name = writing.names[value];
  if (!is_vector(shape_of(writing, value))) return name;
  const std::string made = writing.model.fresh(name + "_4d");
  write_reshape(writing, name, made, picture_dims(shape_of(writing, value)));
  return made;
}

void write_picture(Writing &writing, const ir::Node &node, std::string_view op,
                   const std::vector<std::string> &inputs, const std::string &to,
                   const ir::Attributes &attributes) {
  const ir::Shape &shape = shape_of(writing, node.outputs[0]);
  if (!is_vector(shape)) return writing.model.node(op, inputs, to, attributes);
  const std::string made = writing.model.fresh(to + "_4d");
  writing.model.node(op, inputs, made, attributes);
  write_reshape(writing, made, to, file_dims(shape));
}

void write_reshape(Writing &writing, const std::string &from, const std::string &to,
                   const Dims &dims) {
  const std::string shape = writing.model.initializer(to + "_shape", {std::ssize(dims)}, dims);
  writing.model.node("Reshape", {from, shape}, to);
}

void write_from_stored(Writing &writing, const std::string &from, const std::string &to,
                       const ir::Shape &shape) {
  if (is_vector(shape)) return write_reshape(writing, from, to, file_dims(shape));
  const std::string pixels = writing.model.fresh(to + "_pixels");
  write_reshape(writing, from, pixels, {1, shape.rows, shape.cols, shape.channels});
  writing.model.node("Transpose", {pixels}, to, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
}

void write_to_stored(Writing &writing, const std::string &from, const std::string &to,
                     const ir::Shape &shape) {
  if (is_vector(shape)) return write_reshape(writing, from, to, {1, 1, 1, shape.channels});
  writing.model.node("Transpose", {from}, to, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
}

void write_quantization(Writing &writing, ir::ValueId value, const std::string &from,
                        const std::string &to) {
  const ir::Quant quant = *writing.graph.value(value).type.quant;
  const std::string base = writing.graph.value(value).name;
  const std::string scale =
      writing.model.initializer(base + "_scale", {}, std::vector<float>{quant.scale});
  const std::string zero = writing.model.initializer(
      base + "_zero_point", {},
      std::vector<std::int8_t>{static_cast<std::int8_t>(quant.zero_point)});
  const std::string integers = writing.model.fresh(base + "_quantized");
  writing.model.node("QuantizeLinear", {from, scale, zero}, integers);
  writing.model.node("DequantizeLinear", {integers, scale, zero}, to);
}

Status write_node(Writing &writing, const ir::Node &node, const std::string &to) {
  const auto *rule = std::find_if(std::begin(kRules), std::end(kRules),
                                  [&](const Rule &r) { return r.op == node.op; });
  const bool has_rule = rule != std::end(kRules);
  const bool has_form = !has_rule && has_elementwise_form(node);
  if (!has_rule && !has_form) return ops::node_error(node, "cannot be written as ONNX yet");
  if (has_rule)
    if (Status known = check_attributes(node, *rule); !known.ok()) return known;
  if (const std::string what = unsayable(writing.graph, node); !what.empty())
    return ops::node_error(node, "cannot be written as ONNX: " + what);
  const bool cuts = std::any_of(node.attributes.begin(), node.attributes.end(),
                                [](const auto &item) { return is_activation(item.first); });
  const std::string made = cuts ? writing.model.fresh(to + "_sums") : to;
  has_rule ? rule->write(writing, node, made) : write_elementwise(writing, node, made);
  if (cuts) write_activation(writing, node, made, to);
  return Unit{};
}

}  // namespace thimble::frontends::onnx
