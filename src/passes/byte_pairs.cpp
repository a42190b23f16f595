// Nothing but the attribute: the operator's modes and kernels follow it.
#include "passes/byte_pairs.h"

#include <algorithm>

#include "ops/byte_pairs.h"
#include "ops/fours.h"

namespace thimble::passes {

namespace {

bool is_paired_convolution(const ir::Node &node) {
  return node.op == "Conv2d" && node.integer("groups", 1) == 1 && ops::is_paired(node) &&
         !ops::is_in_eights(node);
}

void pair(ir::Node &node, int how) { node.attributes["pairs"] = std::int64_t{how}; }

}  // namespace

Result<ir::Graph> byte_pairs(ir::Graph graph) {
  const auto count = static_cast<ir::NodeId>(graph.nodes().size());
  for (ir::NodeId id = 0; id < count; ++id)
    if (!ops::is_paired(graph.node(id)) && ops::can_pair(graph, graph.node(id)))
      pair(graph.node(id), 1);
  if (std::ranges::none_of(graph.nodes(), is_paired_convolution)) return graph;
  for (ir::NodeId id = 0; id < count; ++id)
    if (!ops::is_in_eights(graph.node(id)) && ops::can_pair_as_convolution(graph, graph.node(id)))
      pair(graph.node(id), ops::kPairedConvOutputs);
  return graph;
}

Result<ir::Graph> byte_threes(ir::Graph graph) {
  const auto must_be_pairs = [&](const ir::Node &node) {
    return is_paired_convolution(node) && !ops::can_be_in_threes(graph, node);
  };
  if (std::ranges::any_of(graph.nodes(), must_be_pairs)) return graph;
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (is_paired_convolution(graph.node(id)) || ops::is_paired_as_convolution(graph.node(id)))
      pair(graph.node(id), ops::kThrees);
  return graph;
}

Result<ir::Graph> byte_eights(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_pair_eights(graph, graph.node(id))) pair(graph.node(id), ops::kEights);
  return graph;
}

Result<ir::Graph> byte_fours(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_be_in_fours(graph, graph.node(id))) pair(graph.node(id), ops::kFours);
  return graph;
}

Result<ir::Graph> byte_vectors(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
    if (ops::can_pair_as_vector(graph, graph.node(id))) pair(graph.node(id), ops::kPairedVector);
  return graph;
}

}  // namespace thimble::passes
