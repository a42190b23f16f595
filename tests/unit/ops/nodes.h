// Small graphs and samples for the operators' tests, and a few foreign ones.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/import.h"
#include "ops/operator.h"

namespace thimble::ops {

// Numbers that repeat after a long while only and sum to no pattern, in [-1, 1).
inline float noise(std::uint32_t i) {
  std::uint32_t x = i * 2654435761u + 12345u;
  x ^= x >> 15;
  x *= 2246822519u;
  x ^= x >> 13;
  return static_cast<float>(static_cast<std::int32_t>(x)) / 2147483648.0f;
}

inline std::vector<float> noises(std::int64_t count, std::uint32_t seed = 0) {
  std::vector<float> result(count);
  for (std::int64_t i = 0; i < count; ++i) result[i] = noise(static_cast<std::uint32_t>(i) + seed);
  return result;
}

inline ir::Type float_type(int rows, int cols, int channels) {
  return {{rows, cols, channels}, ir::DType::kF32, {}};
}

inline ir::Type int_type(int rows, int cols, int channels, float scale, int zero) {
  return {{rows, cols, channels}, ir::DType::kI8, ir::Quant{scale, zero}};
}

inline std::vector<std::int64_t> list(std::initializer_list<std::int64_t> numbers) {
  return numbers;
}

// input -> node -> output, types inferred. `output`: the int8 output's quantization.
inline ir::Graph one_node(const std::string &op, const ir::Type &input,
                          std::vector<ir::Constant> constants, ir::Attributes attributes,
                          std::optional<ir::Quant> output = {}) {
  ir::Graph graph;
  const ir::ValueId in = graph.add_value("in", input);
  graph.add_input(in, {1, input.shape.channels, input.shape.rows, input.shape.cols});
  ir::Node node{"node", op, {in}, {}, {}, std::move(attributes)};
  for (ir::Constant &constant : constants)
    node.constants.push_back(graph.add_constant(std::move(constant)));
  const auto types = find_operator(op)->infer(graph, node);
  EXPECT_TRUE(types.ok()) << (types.ok() ? "" : to_string(types.diagnostics().front()));
  ir::Type type = types.ok() ? types->front() : input;
  if (output) type.quant = output;
  const ir::ValueId out = graph.add_value("out", type);
  node.outputs = {out};
  graph.add_node(std::move(node));
  graph.add_output(out, {1, type.shape.channels, type.shape.rows, type.shape.cols});
  return graph;
}

inline Tensor sample(const ir::Type &type, std::uint32_t seed = 7) {
  Tensor tensor{type, {}, {}};
  for (std::int64_t i = 0; i < type.shape.elements(); ++i) {
    const float number = noise(static_cast<std::uint32_t>(i) + 1000 * seed);
    if (type.dtype == ir::DType::kF32)
      tensor.f32.push_back(number);
    else
      tensor.i8.push_back(static_cast<std::int8_t>(number * 128));
  }
  return tensor;
}

// The only node of `graph` on `input`.
inline Tensor eval_node(const ir::Graph &graph, const Tensor &input, const Numbers &numbers = {}) {
  const ir::Node &node = graph.node(0);
  const Operator &op = operator_of(node);
  Tensor output{graph.value(node.outputs[0]).type, {}, {}};
  const std::vector<const Tensor *> inputs{&input};
  if (input.type.dtype == ir::DType::kF32)
    op.eval_float(graph, node, inputs, {&output, 1});
  else
    op.eval_int(graph, node, numbers, inputs, {&output, 1});
  return output;
}

template <class T>
bool is_constant(const std::vector<T> &data) {
  for (const T &x : data)
    if (x != data.front()) return false;
  return true;
}

inline ForeignTensor floats(std::vector<std::int64_t> dims, std::vector<float> data) {
  return {ForeignType::kF32, std::move(dims), std::move(data), {}};
}

inline ForeignTensor floats(std::vector<std::int64_t> dims, std::uint32_t seed = 1) {
  ForeignTensor tensor{ForeignType::kF32, std::move(dims), {}, {}};
  tensor.f32 = noises(tensor.elements(), seed);
  return tensor;
}

// x -> node -> y, one input and one output of the network.
inline ForeignGraph foreign(std::vector<std::int64_t> input_dims, ForeignNode node,
                            std::map<std::string, ForeignTensor> constants) {
  ForeignGraph graph;
  graph.file = "test.onnx";
  graph.inputs = {{"x", std::move(input_dims), ForeignType::kF32}};
  graph.outputs = {{node.outputs.at(0), {}, ForeignType::kF32}};
  graph.constants = std::move(constants);
  graph.nodes = {std::move(node)};
  return graph;
}

// All diagnostics in one text.
template <class T>
std::string messages(const Result<T> &result) {
  std::string text;
  for (const Diagnostic &diagnostic : result.diagnostics()) text += to_string(diagnostic);
  return text;
}

}  // namespace thimble::ops
