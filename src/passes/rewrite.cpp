// Graph surgeries shared by the passes.
#include "passes/rewrite.h"

#include <algorithm>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::passes {

namespace {

// A node that was bypassed still stands there, and reads its input, until clean_up.
bool is_read(const ir::Graph &graph, ir::NodeId id) {
  const auto &made = graph.node(id).outputs;
  return std::any_of(made.begin(), made.end(), [&](ir::ValueId value) {
    return graph.is_output(value) || !graph.consumers(value).empty();
  });
}

}  // namespace

std::optional<ir::NodeId> only_reader(const ir::Graph &graph, ir::ValueId value) {
  auto readers = graph.consumers(value);
  std::erase_if(readers, [&](ir::NodeId id) { return !is_read(graph, id); });
  if (readers.size() != 1 || graph.is_output(value)) return std::nullopt;
  return readers[0];
}

void bypass(ir::Graph &graph, ir::NodeId id) {
  const ir::ValueId in = graph.node(id).inputs.at(0), out = graph.node(id).outputs.at(0);
  const auto producer = graph.producer(in);
  if (!graph.is_output(out) || graph.is_output(in) || !producer) {
    graph.replace_uses(out, in);
    return;
  }
  // The producer makes `out` itself; the node, now dead, the old value from it.
  auto &made = graph.node(*producer).outputs;
  std::replace(made.begin(), made.end(), in, out);
  graph.node(id).outputs = {in};
  graph.replace_uses(in, out);
}

ir::Constant &own_constant(ir::Graph &graph, ir::NodeId node, std::size_t index) {
  const ir::ConstantId id = graph.node(node).constants.at(index);
  std::ptrdiff_t uses = 0;
  for (const ir::Node &other : graph.nodes())
    uses += std::count(other.constants.begin(), other.constants.end(), id);
  if (uses == 1) return graph.constant(id);
  const ir::ConstantId copy = graph.add_constant(graph.constant(id));
  graph.node(node).constants[index] = copy;
  return graph.constant(copy);
}

void clean_up(ir::Graph &graph) {
  graph.remove_dead();
  const Status types = ops::infer_types(graph);
  CHECK(types.ok(), to_string(types.diagnostics().front()));
}

}  // namespace thimble::passes
