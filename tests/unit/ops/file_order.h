// Networks run in the file's order of elements, whatever the stored one.
#pragma once

#include "nodes.h"
#include "ops/evaluate.h"

namespace thimble::ops {

inline ForeignTensor integers(Dims data) {
  return {ForeignType::kI64, {static_cast<std::int64_t>(data.size())}, {}, std::move(data)};
}

// Runs the network on 0, 1, 2, ... in the file's order; returns its output in the file's order.
inline std::vector<float> run_file_order(const ir::Graph &graph) {
  std::vector<Tensor> inputs;
  float next = 0;
  for (const ir::Port &port : graph.inputs()) {
    const ir::Type &type = graph.value(port.value).type;
    Tensor tensor{type, std::vector<float>(type.shape.elements()), {}};
    const auto order = ir::stored_order(port, type.shape);
    for (std::size_t i = 0; i < order.size(); ++i)
      tensor.f32[i] = next + static_cast<float>(order[i]);
    next += static_cast<float>(order.size());
    inputs.push_back(tensor);
  }
  const Tensor out = evaluate_outputs(graph, {}, inputs)[0];
  const auto order = ir::stored_order(graph.outputs()[0], out.type.shape);
  std::vector<float> result(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) result[order[i]] = out.f32[i];
  return result;
}

inline std::vector<float> counting(std::int64_t count) {
  std::vector<float> numbers(count);
  for (std::int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(i);
  return numbers;
}

inline ir::Graph imported(Dims input, ForeignNode node,
                          std::map<std::string, ForeignTensor> constants, const Dims &expected) {
  const auto graph = import_graph(foreign(std::move(input), std::move(node), std::move(constants)));
  EXPECT_TRUE(graph.ok()) << messages(graph);
  if (!graph.ok()) return {};
  EXPECT_EQ(Dims(graph->outputs()[0].dims.begin(), graph->outputs()[0].dims.end()), expected);
  return *graph;
}

}  // namespace thimble::ops
