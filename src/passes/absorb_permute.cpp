// Reorders the inputs or outputs of Linears instead of the tensors on their way.
#include "passes/absorb_permute.h"

#include "ops/permute.h"
#include "passes/around_linear.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Sources = std::vector<std::int64_t>;  // output element i of the Permute is input sources[i]

// The order of the tensor read changes: what was its element i is now element sources[i].
void reorder_inputs(ir::Constant &weight, const Sources &sources) {
  std::visit(
      [&](auto &data) {
        const auto old = data;
        for (std::size_t i = 0; i < data.size(); ++i) {
          const std::size_t row = i / sources.size() * sources.size();
          data[row + static_cast<std::size_t>(sources[i - row])] = old[i];
        }
      },
      weight.data);
}

// Output i becomes what output sources[i] was; `items` has one or more elements an output, or one
// for all.
template <class T>
void reorder(std::vector<T> &items, const Sources &sources) {
  const std::vector<T> old = items;
  const std::size_t each = items.size() / sources.size();
  for (std::size_t i = 0; i < each * sources.size(); ++i)
    items[i] = old[static_cast<std::size_t>(sources[i / each]) * each + i % each];
}

void reorder_outputs(ir::Constant &constant, const Sources &sources) {
  std::visit([&](auto &data) { reorder(data, sources); }, constant.data);
  if (constant.scales.size() == sources.size()) reorder(constant.scales, sources);
}

bool absorb_in_readers(ir::Graph &graph, const ir::Node &permute, const Sources &sources) {
  const auto readers = linear_readers(graph, permute.outputs[0]);
  if (!readers) return false;
  for (const ir::NodeId reader : *readers) reorder_inputs(own_constant(graph, reader, 0), sources);
  return true;
}

bool absorb_in_producer(ir::Graph &graph, const ir::Node &permute, const Sources &sources) {
  const auto producer = linear_producer(graph, permute.inputs[0]);
  if (!producer) return false;
  reorder_outputs(own_constant(graph, *producer, 0), sources);
  reorder_outputs(own_constant(graph, *producer, 1), sources);
  return true;
}

void turn_into_reshape(ir::Graph &graph, ir::NodeId id) {
  const ir::Shape shape = graph.value(graph.node(id).outputs[0]).type.shape;
  graph.node(id).op = "Reshape";
  graph.node(id).attributes = {
      {"out_shape", std::vector<std::int64_t>{shape.rows, shape.cols, shape.channels}}};
}

// From the last node to the first: of two Permutes before a Linear, the nearer one goes first.
// Whether any went.
bool absorb_some(ir::Graph &graph) {
  bool some = false;
  for (auto id = static_cast<ir::NodeId>(graph.nodes().size()); id-- > 0;) {
    const ir::Node node = graph.node(id);
    if (node.op != "Permute") continue;
    const ir::Shape in = graph.value(node.inputs[0]).type.shape;
    const auto perm = ops::permutation(node);
    const auto sources = ops::sources(ops::permuted_axes(in, perm));
    if (ops::moves_elements(in, perm) && !absorb_in_readers(graph, node, sources) &&
        !absorb_in_producer(graph, node, sources))
      continue;
    turn_into_reshape(graph, id);
    some = true;
  }
  return some;
}

}  // namespace

// Again as long as it helps: behind a Linear, the nearer of two goes last.
Result<ir::Graph> absorb_permute(ir::Graph graph) {
  while (absorb_some(graph)) {
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
