// The types of elementwise operators behind the Linears follow.
#include "passes/output_pieces.h"

#include "passes/around_linear.h"
#include "passes/pieces.h"
#include "passes/rewrite.h"

namespace thimble::passes {

Result<ir::Graph> output_pieces(ir::Graph graph) {
  for (const ir::Port &port : graph.outputs()) {
    const auto pieces = in_pieces(graph.value(port.value).type.shape);
    if (!pieces || !graph.consumers(port.value).empty()) continue;
    if (const auto linear = linear_behind(graph, port.value))
      graph.node(*linear).attributes["out_shape"] =
          std::vector<std::int64_t>{pieces->rows, pieces->cols, pieces->channels};
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
