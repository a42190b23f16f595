// One input after the other; the types of elementwise operators before the Linears follow.
#include "passes/input_pieces.h"

#include "ops/operator.h"
#include "passes/around_linear.h"
#include "passes/pieces.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

// The vector, and what the Linears make of it.
std::int64_t whole_bytes(const ir::Graph &graph, ir::ValueId input,
                         const std::vector<ir::NodeId> &linears) {
  std::int64_t bytes = graph.value(input).type.bytes();
  for (const ir::NodeId id : linears) bytes += graph.value(graph.node(id).outputs[0]).type.bytes();
  return bytes;
}

// One piece, and the sums that each is added to. None where a Linear still reads them all at once.
std::optional<std::int64_t> piece_bytes(const ir::Graph &graph, ir::ValueId input,
                                        const std::vector<ir::NodeId> &linears) {
  std::int64_t bytes = graph.value(input).type.row_bytes();
  for (const ir::NodeId id : linears) {
    const ir::Node &node = graph.node(id);
    const std::int64_t sums = ops::operator_of(node).modes(graph, node).back().state_bytes;
    if (sums == 0) return std::nullopt;
    bytes += sums;
  }
  return bytes;
}

}  // namespace

Result<ir::Graph> input_pieces(ir::Graph graph) {
  clean_up(graph);  // what is cut names nodes alike
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    const ir::ValueId input = graph.inputs()[i].value;
    const auto pieces = in_pieces(graph.value(input).type.shape);
    const auto linears = linear_readers(graph, input);
    if (!pieces || !linears) continue;
    ir::Graph cut = graph;
    cut.value(input).type.shape = *pieces;
    clean_up(cut);
    const auto bytes = piece_bytes(cut, input, *linears);
    if (bytes && *bytes < whole_bytes(graph, input, *linears)) graph = std::move(cut);
  }
  return graph;
}

}  // namespace thimble::passes
