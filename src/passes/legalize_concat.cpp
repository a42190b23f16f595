// Flattens Concats, then copies the parts that cannot lie within the whole.
#include "passes/legalize_concat.h"

#include <algorithm>
#include <set>

#include "ops/operator.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

bool is_view(const ir::Graph &graph, const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  return op.view && op.view(graph, node).has_value();
}

// Puts the parts of a Concat along the same axis in its place, where nothing else reads it.
void flatten(ir::Graph &graph, ir::NodeId id) {
  std::vector<ir::ValueId> parts;
  for (const ir::ValueId part : graph.node(id).inputs) {
    const auto producer = graph.producer(part);
    const auto &inputs = graph.node(id).inputs;
    const bool inner =
        producer && graph.node(*producer).op == "Concat" &&
        graph.node(*producer).integer("axis", -1) == graph.node(id).integer("axis", -1) &&
        only_reader(graph, part) && std::count(inputs.begin(), inputs.end(), part) == 1;
    if (inner) {
      const auto &inner_parts = graph.node(*producer).inputs;
      parts.insert(parts.end(), inner_parts.begin(), inner_parts.end());
    } else {
      parts.push_back(part);
    }
  }
  graph.node(id).inputs = parts;
}

bool reads_whole_rows(const ir::Graph &graph, const ir::Node &node, ir::ValueId value) {
  const ops::Operator &op = ops::operator_of(node);
  if (!op.modes) return false;
  const std::vector<ops::Mode> modes = op.modes(graph, node);
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (node.inputs[i] == value && ops::reads_whole_rows(modes, i)) return true;
  return false;
}

// Whether pixels of the part would lie apart in the whole, and someone minds: the caller, who gives
// network inputs in one piece, or a reader.
bool is_torn(const ir::Graph &graph, const ir::Node &concat, ir::ValueId part) {
  const ir::Shape &shape = graph.value(part).type.shape;
  const bool apart = concat.integer("axis", -1) == 2 && shape.rows * shape.cols > 1;
  if (apart && graph.is_input(part)) return true;
  for (const ir::NodeId reader : graph.consumers(part)) {
    const ir::Node &node = graph.node(reader);
    if (node.op == "Concat") continue;
    if (is_view(graph, node) || (apart && reads_whole_rows(graph, node, part))) return true;
  }
  return false;
}

bool needs_copy(const ir::Graph &graph, const ir::Node &concat, ir::ValueId part) {
  const auto producer = graph.producer(part);
  return graph.is_output(part) || (producer && is_view(graph, graph.node(*producer))) ||
         is_torn(graph, concat, part);
}

ir::ValueId add_copy(ir::Graph &graph, ir::ValueId part) {
  const ir::Value original = graph.value(part);
  const ir::ValueId copy = graph.add_value(original.name + "_copy", original.type);
  graph.add_node({original.name + "_copy", "Copy", {part}, {}, {copy}, {}});
  return copy;
}

}  // namespace

Result<ir::Graph> legalize_concat(ir::Graph graph) {
  std::set<ir::ValueId> placed;  // values that lie in a Concat already
  const auto node_count = static_cast<ir::NodeId>(graph.nodes().size());
  for (ir::NodeId id = 0; id < node_count; ++id)
    if (graph.node(id).op == "Concat") flatten(graph, id);
  graph.remove_dead();
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    if (graph.node(id).op != "Concat") continue;
    if (graph.node(id).inputs.size() == 1) {
      bypass(graph, id);
      continue;
    }
    for (std::size_t i = 0; i < graph.node(id).inputs.size(); ++i) {
      const ir::ValueId part = graph.node(id).inputs[i];
      const bool free = placed.insert(part).second && !needs_copy(graph, graph.node(id), part);
      if (!free) graph.node(id).inputs[i] = add_copy(graph, part);
    }
  }
  graph.sort();
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
