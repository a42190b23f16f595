// Searches from a value to the Linears around it.
#include "passes/around_linear.h"

#include "ops/operator.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

// Whether output element i depends on input element i alone and in the same way for all i.
bool keeps_elements_apart(const ir::Node &node) {
  return node.inputs.size() == 1 && (node.op == "Reshape" || ops::operator_of(node).elementwise);
}

}  // namespace

std::optional<std::vector<ir::NodeId>> linear_readers(const ir::Graph &graph, ir::ValueId value) {
  std::vector<ir::NodeId> found;
  std::vector<ir::ValueId> open{value};
  while (!open.empty()) {
    const ir::ValueId current = open.back();
    open.pop_back();
    if (graph.is_output(current)) return std::nullopt;
    for (const ir::NodeId reader : graph.consumers(current)) {
      const ir::Node &node = graph.node(reader);
      if (node.op == "Linear") {
        found.push_back(reader);
      } else if (keeps_elements_apart(node)) {
        open.push_back(node.outputs[0]);
      } else {
        return std::nullopt;
      }
    }
  }
  if (found.empty()) return std::nullopt;
  return found;
}

std::optional<ir::NodeId> linear_behind(const ir::Graph &graph, ir::ValueId value) {
  const auto producer = graph.producer(value);
  if (!producer) return std::nullopt;
  const ir::Node &node = graph.node(*producer);
  if (node.op == "Linear") return producer;
  if (!keeps_elements_apart(node)) return std::nullopt;
  return linear_producer(graph, node.inputs[0]);
}

std::optional<ir::NodeId> linear_producer(const ir::Graph &graph, ir::ValueId value) {
  if (!only_reader(graph, value)) return std::nullopt;
  return linear_behind(graph, value);
}

}  // namespace thimble::passes
