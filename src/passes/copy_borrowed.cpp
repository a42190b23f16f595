// Parts of Concats first, then outputs.
#include "passes/copy_borrowed.h"

#include <algorithm>

#include "ops/operator.h"

namespace thimble::passes {
namespace {

// An input, or a view of one.
bool is_borrowed(const ir::Graph &graph, ir::ValueId value) {
  const auto producer = graph.producer(value);
  if (!producer) return true;
  const ir::Node &node = graph.node(*producer);
  const ops::Operator &op = ops::operator_of(node);
  const auto view = op.view ? op.view(graph, node) : std::nullopt;
  return view && node.inputs.size() == 1 && is_borrowed(graph, node.inputs[0]);
}

void add_copy(ir::Graph &graph, ir::ValueId from, ir::ValueId to) {
  graph.add_node({graph.value(from).name + "_copy", "Copy", {from}, {}, {to}, {}});
}

void copy_parts(ir::Graph &graph, ir::NodeId concat) {
  for (std::size_t i = 0; i < graph.node(concat).inputs.size(); ++i) {
    const ir::ValueId part = graph.node(concat).inputs[i];
    if (!is_borrowed(graph, part)) continue;
    const ir::Value original = graph.value(part);
    const ir::ValueId copy = graph.add_value(original.name + "_copy", original.type);
    graph.node(concat).inputs[i] = copy;
    add_copy(graph, part, copy);
  }
}

// The output keeps its name, unless it is an input.
void copy_output(ir::Graph &graph, ir::ValueId value) {
  const ir::Value original = graph.value(value);
  const auto producer = graph.producer(value);
  const ir::ValueId other =
      graph.add_value(original.name + (producer ? "_view" : "_copy"), original.type);
  if (producer) {
    graph.node(*producer).outputs = {other};
    return add_copy(graph, other, value);
  }
  graph.replace_uses(value, other);
  for (const ir::NodeId reader : graph.consumers(other)) {
    auto &inputs = graph.node(reader).inputs;
    std::replace(inputs.begin(), inputs.end(), other, value);
  }
  add_copy(graph, value, other);
}

}  // namespace

Result<ir::Graph> copy_borrowed(ir::Graph graph) {
  const auto node_count = static_cast<ir::NodeId>(graph.nodes().size());
  for (ir::NodeId id = 0; id < node_count; ++id)
    if (graph.node(id).op == "Concat") copy_parts(graph, id);
  for (std::size_t i = 0; i < graph.outputs().size(); ++i)
    if (is_borrowed(graph, graph.outputs()[i].value)) copy_output(graph, graph.outputs()[i].value);
  graph.sort();
  return graph;
}

}  // namespace thimble::passes
