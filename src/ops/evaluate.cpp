// Runs a graph node by node through its operators' evaluators, keeping every value.
#include "ops/evaluate.h"

#include <algorithm>
#include <cmath>

#include "support/check.h"

namespace thimble::ops {
std::vector<Tensor> evaluate_node(const ir::Graph &graph, const ir::Node &node,
                                  const Numbers &numbers,
                                  const std::vector<const Tensor *> &inputs) {
  std::vector<Tensor> outputs;
  for (const ir::ValueId id : node.outputs) outputs.push_back({graph.value(id).type, {}, {}});
  const Operator &op = operator_of(node);
  if (outputs.at(0).type.dtype == ir::DType::kI8) {
    CHECK(op.eval_int != nullptr, "node '" + node.name + "' has no integer evaluator");
    op.eval_int(graph, node, numbers, inputs, outputs);
  } else {
    CHECK(op.eval_float != nullptr, "node '" + node.name + "' has no float evaluator");
    op.eval_float(graph, node, inputs, outputs);
  }
  return outputs;
}

void allocate(Tensor &tensor) {
  const auto count = static_cast<std::size_t>(tensor.type.shape.elements());
  if (tensor.type.dtype == ir::DType::kI8) {
    tensor.i8.resize(count);
  } else {
    tensor.f32.resize(count);
  }
}

std::vector<Tensor> evaluate(const ir::Graph &graph, const Numbers &numbers,
                             const std::vector<Tensor> &inputs) {
  CHECK(inputs.size() == graph.inputs().size(), "a sample has one tensor a network input");
  std::vector<Tensor> values(graph.values().size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const ir::ValueId id = graph.inputs()[i].value;
    CHECK(inputs[i].type == graph.value(id).type,
          "input '" + graph.value(id).name + "' has another type than the graph's");
    values[id] = inputs[i];
  }
  for (const ir::Node &node : graph.nodes()) {
    std::vector<const Tensor *> operands;
    for (const ir::ValueId id : node.inputs) operands.push_back(&values[id]);
    auto outputs = evaluate_node(graph, node, numbers, operands);
    for (std::size_t i = 0; i < outputs.size(); ++i)
      values[node.outputs[i]] = std::move(outputs[i]);
  }
  return values;
}

std::vector<Tensor> evaluate_outputs(const ir::Graph &graph, const Numbers &numbers,
                                     const std::vector<Tensor> &inputs) {
  const std::vector<Tensor> values = evaluate(graph, numbers, inputs);
  std::vector<Tensor> outputs;
  for (const ir::Port &port : graph.outputs()) outputs.push_back(values[port.value]);
  return outputs;
}

Tensor from_real(const ir::Type &type, const std::vector<float> &real) {
  CHECK(static_cast<std::int64_t>(real.size()) == type.shape.elements(), "one number an element");
  Tensor tensor;
  tensor.type = type;
  if (type.dtype != ir::DType::kI8) {
    tensor.f32 = real;
    return tensor;
  }
  tensor.i8.reserve(real.size());
  for (const float x : real) {
    const double integer = std::round(double{x} / type.quant->scale) + type.quant->zero_point;
    const double number = std::isnan(integer) ? type.quant->zero_point : integer;
    tensor.i8.push_back(static_cast<std::int8_t>(std::clamp(number, -128.0, 127.0)));
  }
  return tensor;
}

std::vector<float> to_real(const Tensor &tensor) {
  if (tensor.type.dtype != ir::DType::kI8) return tensor.f32;
  const ir::Quant &quant = *tensor.type.quant;
  std::vector<float> real;
  real.reserve(tensor.i8.size());
  for (const std::int8_t q : tensor.i8)
    real.push_back(quant.scale * static_cast<float>(q - quant.zero_point));
  return real;
}

}  // namespace thimble::ops
