// A pooling of one pixel is what subsamples.
#include "passes/subsample_shortcut.h"

#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Integers = std::vector<std::int64_t>;

bool is_strided_pointwise(const ir::Graph &graph, const ir::Node &node) {
  if (node.op != "Conv2d") return false;
  const std::vector<int> &dims = graph.constant(node.constants[0]).dims;
  const Integers stride = node.integers("stride", {1, 1});
  const Integers none{0, 0, 0, 0};
  return dims[1] == 1 && dims[2] == 1 && stride != Integers{1, 1} &&
         node.integers("pad", none) == none && node.integer("groups", 1) == 1;
}

bool is_subsampling(const ir::Node &node, const Integers &stride) {
  return node.op == "MaxPool2d" && node.integers("kernel") == Integers{1, 1} &&
         node.integers("stride", {1, 1}) == stride &&
         node.integers("pad", {0, 0, 0, 0}) == Integers{0, 0, 0, 0};
}

bool has_other_readers(const ir::Graph &graph, const ir::Node &node) {
  return graph.consumers(node.inputs[0]).size() > 1 || graph.is_output(node.inputs[0]);
}

// The copy for `conv` to read: one there is, or a new one.
ir::ValueId subsampled(ir::Graph &graph, const ir::Node &conv) {
  const Integers stride = conv.integers("stride");
  for (const ir::NodeId reader : graph.consumers(conv.inputs[0]))
    if (is_subsampling(graph.node(reader), stride)) return graph.node(reader).outputs[0];
  const ir::Value input = graph.value(conv.inputs[0]);
  const ir::Shape &made = graph.value(conv.outputs[0]).type.shape;
  ir::Type type = input.type;
  type.shape.rows = made.rows;
  type.shape.cols = made.cols;
  const ir::ValueId copy = graph.add_value(input.name + "_subsampled", type);
  graph.add_node({graph.value(copy).name,
                  "MaxPool2d",
                  {conv.inputs[0]},
                  {},
                  {copy},
                  {{"kernel", Integers{1, 1}}, {"stride", stride}}});
  return copy;
}

}  // namespace

Result<ir::Graph> subsample_shortcut(ir::Graph graph) {
  bool changed = false;
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node conv = graph.node(id);
    if (!is_strided_pointwise(graph, conv) || !has_other_readers(graph, conv)) continue;
    const ir::Type &input = graph.value(conv.inputs[0]).type;
    const ir::Shape &made = graph.value(conv.outputs[0]).type.shape;
    if (made.channels <= input.shape.channels) continue;
    graph.node(id).inputs[0] = subsampled(graph, conv);
    graph.node(id).attributes.erase("stride");
    changed = true;
  }
  if (!changed) return graph;
  graph.sort();
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
