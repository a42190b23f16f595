// From foreign matrix products to nodes (linear_import.h). A vector times a matrix of the file is a
// Linear; several vectors (all along the last axis) times one are a convolution of one tap, which
// knows int8 and streams rows; two matrices that are computed are a MatMul.
#include "ops/linear_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/lanes.h"
#include "ops/matmul.h"
#include "ops/reduce_import.h"
#include "ops/strided_view.h"
#include "ops/tflite_import.h"

namespace thimble::ops {
namespace {

// Where a foreign operator has its operands: out = alpha * left x right + beta * bias.
struct Operands {
  std::size_t left = 0, right = 1;
  std::optional<std::size_t> bias;
  bool left_transposed = false, right_transposed = false;
  double alpha = 1, beta = 1;
};

// The weights as [out][in]; `dims` as in the file.
std::vector<float> out_in_weights(const ForeignTensor &weight, const Operands &operands) {
  const std::int64_t rows = weight.dims[0], cols = weight.dims[1];
  std::vector<float> data = weight.f32;
  if (!operands.right_transposed)
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < cols; ++c) data[c * rows + r] = weight.f32[r * cols + c];
  if (operands.alpha != 1)
    for (float &w : data) w = static_cast<float>(w * operands.alpha);
  return data;
}

// The constant matrix on the right, if there is one.
const ForeignTensor *constant_matrix(const Builder &builder, const ForeignNode &node,
                                     const Operands &operands) {
  if (!builder.has_input(node, operands.right)) return nullptr;
  const ForeignTensor *tensor = builder.constant(node.inputs[operands.right]);
  return tensor && tensor->dims.size() == 2 && tensor->is_float() ? tensor : nullptr;
}

// A bias that each vector of `out` elements gets: absent, or a constant of `out` elements or one.
bool has_vector_bias(const Builder &builder, const ForeignNode &node, const Operands &operands,
                     std::int64_t out) {
  if (!operands.bias || !builder.has_input(node, *operands.bias)) return true;
  const ForeignTensor *bias = builder.constant(node.inputs[*operands.bias]);
  if (!bias || !bias->is_float()) return false;
  const bool by_output = bias->dims.empty() || bias->dims.back() == out || bias->elements() == 1;
  return by_output && (bias->elements() == out || bias->elements() == 1);
}

std::optional<std::vector<float>> out_biases(Builder &builder, const ForeignNode &node,
                                             const Operands &operands, std::int64_t out) {
  std::vector<float> data(static_cast<std::size_t>(out));
  if (!operands.bias || !builder.has_input(node, *operands.bias)) return data;
  const ForeignTensor *bias = builder.weights(node, *operands.bias);
  if (!bias) return std::nullopt;
  for (std::size_t o = 0; o < data.size(); ++o)
    data[o] = static_cast<float>(operands.beta * bias->f32[bias->f32.size() == 1 ? 0 : o]);
  return data;
}

// All its dimensions but the last are 1, so stored order is flat order.
bool is_vector(const Dims &dims) {
  return !dims.empty() &&
         std::all_of(dims.begin(), dims.end() - 1, [](std::int64_t dim) { return dim == 1; });
}

void add_linear(Builder &builder, const ForeignNode &node, const Imported &input,
                std::vector<ir::ConstantId> constants, std::int64_t out,
                ir::Attributes attributes) {
  Dims dims = input.dims;
  dims.back() = out;
  const auto layout = builder.layout_of(dims);
  if (!layout.ok()) return builder.error(layout.diagnostics().front());
  const ir::Shape &shape = layout->shape;
  attributes["out_shape"] = Dims{shape.rows, shape.cols, shape.channels};
  const ir::ValueId value =
      builder.add(node, "Linear", {input.value}, std::move(constants), std::move(attributes));
  builder.bind(node.outputs.at(0), value, dims);
}

// Vectors times a constant matrix. `limits`: what cuts the products (fused.h).
void import_dense(Builder &builder, const ForeignNode &node, const Operands &operands,
                  const ir::Attributes &limits = {}) {
  const Imported *found = builder.activation(node, operands.left);
  const ForeignTensor *weight = builder.weights(node, operands.right);
  if (!found || !weight) return;
  const Imported input = *found;
  const std::int64_t out = weight->dims[operands.right_transposed ? 0 : 1];
  const std::int64_t in = weight->dims[operands.right_transposed ? 1 : 0];
  if (input.dims.empty() || input.dims.back() != in)
    return builder.error(
        node, fmt::format("input is [{}], weight has {} features", fmt::join(input.dims, ","), in));
  auto bias = out_biases(builder, node, operands, out);
  if (!bias) return;
  const bool vector = is_vector(input.dims);
  const int outs = static_cast<int>(out), ins = static_cast<int>(in);
  const bool has_bias = operands.bias && builder.has_input(node, *operands.bias);
  const auto weight_id =
      builder.add_constant(node.inputs[operands.right],
                           vector ? std::vector<int>{outs, ins} : std::vector<int>{outs, 1, 1, ins},
                           out_in_weights(*weight, operands));
  const auto bias_id = builder.add_constant(
      has_bias ? node.inputs[*operands.bias] : node.name + ".bias", {outs}, std::move(*bias));
  if (vector) return add_linear(builder, node, input, {weight_id, bias_id}, out, limits);
  const Lanes lanes = to_lanes(builder, node, input, {input.dims.size() - 1});
  bind_lanes(builder, node, lanes,
             builder.add(node, "Conv2d", {lanes.value}, {weight_id, bias_id}, limits), out);
}

// A matrix with its axes exchanged.
std::optional<Operand> transposed(Builder &builder, const ForeignNode &node,
                                  const Operand &operand) {
  if (operand.number || operand.value.value < 0 || operand.value.dims.size() != 2) return operand;
  const ForeignNode step = step_of(node, "_transposed");
  builder.bind_view(step, permuted(builder.view_of(operand.value), {1, 0}));
  const Imported *bound = builder.find(step.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

std::optional<Operand> scaled(Builder &builder, const ForeignNode &node, const Operand &operand,
                              double factor) {
  if (factor == 1) return operand;
  if (operand.number) return number_operand(*operand.number * factor);
  return add_elementwise(builder, step_of(node, "_scaled"), "Mul",
                         {operand, number_operand(factor)});
}

void import_product(Builder &builder, const ForeignNode &node, const Operands &operands) {
  std::optional<Operand> left = operand_of(builder, node, operands.left);
  const auto right = operand_of(builder, node, operands.right);
  if (left && operands.left_transposed) left = transposed(builder, node, *left);
  if (!left || !right) return;
  auto result = add_matmul(builder, node, *left, *right, operands.right_transposed);
  if (result) result = scaled(builder, node, *result, operands.alpha);
  if (!result) return;
  if (operands.bias && builder.has_input(node, *operands.bias) && operands.beta != 0) {
    auto bias = operand_of(builder, node, *operands.bias);
    if (bias) bias = scaled(builder, node, *bias, operands.beta);
    if (!bias) return;
    result = add_elementwise(builder, node, "Add", {*result, *bias});
  }
  bind_result(builder, node, result);
}

void import_matrices(Builder &builder, const ForeignNode &node, const Operands &operands) {
  const ForeignTensor *weight = constant_matrix(builder, node, operands);
  const bool left_computed =
      builder.has_input(node, operands.left) && !builder.constant(node.inputs[operands.left]);
  if (weight && left_computed && !operands.left_transposed &&
      has_vector_bias(builder, node, operands, weight->dims[operands.right_transposed ? 0 : 1]))
    return import_dense(builder, node, operands);
  import_product(builder, node, operands);
}

void import_gemm(Builder &builder, const ForeignNode &node) {
  import_matrices(builder, node,
                  {0, 1, 2, node.integer("transA", 0) != 0, node.integer("transB", 0) != 0,
                   node.real("alpha", 1), node.real("beta", 1)});
}

void import_aten_linear(Builder &builder, const ForeignNode &node) {
  import_matrices(builder, node, {0, 1, 2, false, true});
}

void import_matmul(Builder &builder, const ForeignNode &node) {
  import_matrices(builder, node, {});
}

void import_addmm(Builder &builder, const ForeignNode &node) {
  import_matrices(builder, node,
                  {1, 2, 0, false, false, node.real("alpha", 1), node.real("beta", 1)});
}

// Binds a step's output to the input in other dimensions of as many elements. (All lies in the
// file's order there.)
void bind_as(Builder &builder, const ForeignNode &step, const Imported &input, const Dims &dims) {
  const auto view = reshaped(builder.view_of(input), dims);
  if (view) builder.bind_view(step, *view);
}

// TensorFlow Lite's: the input, whatever its dimensions, is vectors of as many elements as a row of
// the weights has.
void import_fully_connected(Builder &builder, const ForeignNode &node) {
  const Imported *found = builder.activation(node, 0);
  const ForeignTensor *weight = builder.weights(node, 1);
  const auto limits = fused_limits(builder, node);
  if (!found || !weight || !limits) return;
  if (node.integer("weights_format", 0) != 0)
    return builder.error(node, "has shuffled weights", "the default format is supported");
  const Imported input = *found;
  std::int64_t elements = 1;
  for (const std::int64_t dim : input.dims) elements *= dim;
  const bool keeps = node.integer("keep_num_dims", 0) != 0 && !input.dims.empty();
  if (weight->dims.size() != 2 || weight->dims[1] < 1 || elements % weight->dims[1] != 0 ||
      (keeps && input.dims.back() != weight->dims[1]))
    return builder.error(node, fmt::format("input is [{}], weight [{}]", fmt::join(input.dims, ","),
                                           fmt::join(weight->dims, ",")));
  Dims out_dims{elements / weight->dims[1], weight->dims[0]};
  ForeignNode vectors = step_of(node, "_vectors"), product = step_of(node, "_product");
  bind_as(builder, vectors, input, {out_dims[0], weight->dims[1]});
  if (!keeps) product = node;
  product.inputs[0] = vectors.outputs[0];
  import_dense(builder, product, {0, 1, 2, false, true}, *limits);
  const Imported *made = builder.find(product.outputs[0]);
  if (!keeps || !made) return;
  out_dims = input.dims;
  out_dims.back() = weight->dims[0];
  bind_as(builder, node, *made, out_dims);
}

}  // namespace

std::vector<ImportRule> linear_import_rules() {
  return {{"onnx", "Gemm", import_gemm},
          {"onnx", "MatMul", import_matmul},
          {"aten", "linear.default", import_aten_linear},
          {"aten", "addmm.default", import_addmm},
          {"aten", "mm.default", import_matmul},
          {"aten", "matmul.default", import_matmul},
          {"tflite", "FULLY_CONNECTED", import_fully_connected}};
}

}  // namespace thimble::ops
