// One function an operator and one table.
#include "frontends/onnx/write_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "frontends/onnx/write_elementwise.h"
#include "frontends/onnx/write_weighted.h"
#include "ops/infer.h"
#include "ops/operator.h"

namespace thimble::frontends::onnx {
namespace {

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
