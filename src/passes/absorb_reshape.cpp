// Takes Reshapes out; the types of what lies between them and the Linear follow by inference.
#include "passes/absorb_reshape.h"

#include "passes/around_linear.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

// The Reshape reads what a Reshape before it reads; false where there is none.
bool skip_reshape_before(ir::Graph &graph, ir::NodeId id) {
  const auto producer = graph.producer(graph.node(id).inputs[0]);
  if (!producer || graph.node(*producer).op != "Reshape") return false;
  graph.node(id).inputs = graph.node(*producer).inputs;
  return true;
}

bool is_needless(ir::Graph &graph, const ir::Node &reshape) {
  const ir::Shape &in = graph.value(reshape.inputs[0]).type.shape;
  const ir::Shape &out = graph.value(reshape.outputs[0]).type.shape;
  if (in == out || linear_readers(graph, reshape.outputs[0])) return true;
  const auto producer = linear_producer(graph, reshape.inputs[0]);
  if (!producer) return false;
  graph.node(*producer).attributes["out_shape"] =
      std::vector<std::int64_t>{out.rows, out.cols, out.channels};
  return true;
}

}  // namespace

Result<ir::Graph> absorb_reshape(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    if (graph.node(id).op != "Reshape") continue;
    if (skip_reshape_before(graph, id)) {
      id = -1;  // the one before has lost a reader that may have kept it
      continue;
    }
    const ir::Node reshape = graph.node(id);
    if (!is_needless(graph, reshape)) continue;
    bypass(graph, id);
    // Shapes up to the Linear change; the dead node must not stand in the way of that.
    clean_up(graph);
    id = -1;
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
