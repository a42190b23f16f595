// Checks that every family's type inference makes before it looks at anything else.
#include "ops/infer.h"

#include <fmt/format.h>

#include <limits>

namespace thimble::ops {
namespace {

std::string list(const std::vector<int> &dims) { return fmt::format("[{}]", fmt::join(dims, ",")); }

// Magnitude that no sum on the way from bias to bias + sum of (input - zero) * weight exceeds, also
// where a kernel takes the zero point apart: bias - zero * (sum of weights) + sum of input *
// weight.
std::int64_t accumulator_bound(const std::vector<std::int8_t> &weight, std::size_t first,
                               std::size_t count, std::int64_t bias) {
  std::int64_t sum = 0;
  for (std::size_t i = first; i < first + count; ++i) sum += std::abs(int{weight[i]});
  return 256 * sum + std::abs(bias);
}

Diagnostics check_int8_weights(const ir::Node &node, const ir::Constant &weight,
                               const ir::Constant &bias) {
  const std::size_t channels = bias.dims[0];
  if (weight.scales.size() != 1 && weight.scales.size() != channels)
    return {node_error(node, fmt::format("weight '{}' has {} scales for {} output channels",
                                         weight.name, weight.scales.size(), channels))};
  for (const float scale : weight.scales)
    if (!(scale > 0) || scale > std::numeric_limits<float>::max())
      return {node_error(
          node,
          fmt::format("weight '{}' has a scale that is not positive and finite", weight.name))};
  const auto &elements = std::get<std::vector<std::int8_t>>(weight.data);
  const auto &biases = std::get<std::vector<std::int32_t>>(bias.data);
  const std::size_t count = elements.size() / channels;
  for (std::size_t c = 0; c < channels; ++c)
    if (accumulator_bound(elements, c * count, count, biases[c]) >
        std::numeric_limits<std::int32_t>::max())
      return {node_error(node, fmt::format("output channel {} can overflow 32-bit sums", c),
                         "bias + 256 * sum of |weight| is at least 2^31")};
  return {};
}

// Data as long as the dimensions say, and these dimensions.
bool has_dims(const ir::Constant &constant, const std::vector<int> &dims) {
  if (constant.dims != dims) return false;
  const auto size = std::visit([](const auto &data) { return data.size(); }, constant.data);
  return static_cast<std::int64_t>(size) == constant.elements();
}

}  // namespace

Diagnostic node_error(const ir::Node &node, std::string what, std::string why, std::string fix) {
  Diagnostic error = model_error(std::move(what), std::move(why), std::move(fix));
  error.node = node.name;
  error.op = node.op;
  return error;
}

Diagnostics check_arity(const ir::Graph &graph, const ir::Node &node, std::size_t inputs,
                        std::size_t constants) {
  if (node.inputs.size() != inputs)
    return {node_error(node, fmt::format("has {} inputs, takes {}", node.inputs.size(), inputs))};
  if (node.constants.size() != constants)
    return {node_error(
        node, fmt::format("has {} constants, takes {}", node.constants.size(), constants))};
  for (const ir::ValueId input : node.inputs) {
    const ir::DType dtype = graph.value(input).type.dtype;
    if (dtype == ir::DType::kI32)
      return {node_error(node, fmt::format("reads '{}' of type i32", graph.value(input).name),
                         "activations are f32 or i8")};
    if (dtype != graph.value(node.inputs[0]).type.dtype)
      return {node_error(node, "reads values of different types",
                         "a graph is either float or int8 throughout")};
  }
  return {};
}

Diagnostics check_weights(const ir::Graph &graph, const ir::Node &node,
                          const std::vector<int> &weight_dims) {
  const ir::Constant &weight = graph.constant(node.constants[0]);
  const ir::Constant &bias = graph.constant(node.constants[1]);
  if (!has_dims(weight, weight_dims))
    return {node_error(node, fmt::format("weight '{}' is {}, expected {}", weight.name,
                                         list(weight.dims), list(weight_dims)))};
  if (!has_dims(bias, {weight_dims[0]}))
    return {node_error(node, fmt::format("bias '{}' is {}, expected [{}]", bias.name,
                                         list(bias.dims), weight_dims[0]))};
  const bool is_float = graph.value(node.inputs[0]).type.dtype == ir::DType::kF32;
  const auto weight_dtype = is_float ? ir::DType::kF32 : ir::DType::kI8;
  const auto bias_dtype = is_float ? ir::DType::kF32 : ir::DType::kI32;
  if (weight.dtype() != weight_dtype || bias.dtype() != bias_dtype)
    return {node_error(node, fmt::format("weight is {} and bias {}, expected {} and {}",
                                         ir::to_string(weight.dtype()), ir::to_string(bias.dtype()),
                                         ir::to_string(weight_dtype), ir::to_string(bias_dtype)))};
  return is_float ? Diagnostics{} : check_int8_weights(node, weight, bias);
}

Diagnostics check_integers(const ir::Node &node, std::string_view key, std::size_t size,
                           std::int64_t lo, std::int64_t hi, bool required) {
  const auto found = node.attributes.find(std::string(key));
  if (found == node.attributes.end()) {
    if (!required) return {};
    return {node_error(node, fmt::format("lacks attribute '{}'", key))};
  }
  const auto *values = std::get_if<std::vector<std::int64_t>>(&found->second);
  bool good = values && values->size() == size;
  if (good)
    for (const std::int64_t value : *values) good = good && lo <= value && value <= hi;
  if (good) return {};
  return {node_error(
      node, fmt::format("attribute '{}' must be {} integers from {} to {}", key, size, lo, hi))};
}

Result<ir::Shape> checked_shape(const ir::Node &node, std::int64_t rows, std::int64_t cols,
                                std::int64_t channels) {
  const auto sound = [](std::int64_t side) { return 1 <= side && side <= kMaxElements; };
  if (!sound(rows) || !sound(cols) || !sound(channels) || rows * cols > kMaxElements ||
      rows * cols * channels > kMaxElements)
    return node_error(node, fmt::format("makes a tensor of {} x {} x {}", rows, cols, channels),
                      fmt::format("each side is at least 1, at most {} elements", kMaxElements));
  return ir::Shape{static_cast<int>(rows), static_cast<int>(cols), static_cast<int>(channels)};
}

std::vector<ir::Type> output_type(const ir::Graph &graph, const ir::Node &node,
                                  const ir::Shape &shape) {
  ir::Type type = graph.value(node.inputs.at(0)).type;
  type.shape = shape;
  if (type.dtype == ir::DType::kI8 && !node.outputs.empty()) {
    const ir::Type &current = graph.value(node.outputs[0]).type;
    if (current.quant) type.quant = current.quant;
  }
  return {type};
}

}  // namespace thimble::ops
