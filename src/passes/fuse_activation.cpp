// Relu becomes an attribute of its producer.
#include "passes/fuse_activation.h"

#include <algorithm>

#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

bool can_clamp(const ir::Node &node) {
  static constexpr std::string_view kClamping[] = {"Conv2d", "ConvTranspose2d", "Linear",
                                                   "BatchNorm", "Add"};
  return std::count(std::begin(kClamping), std::end(kClamping), node.op) != 0 &&
         node.text("act", "").empty() && !node.attributes.count("act_min") &&
         !node.attributes.count("act_max");
}

}  // namespace

Result<ir::Graph> fuse_activation(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node relu = graph.node(id);
    if (relu.op != "Relu" || !only_reader(graph, relu.inputs[0])) continue;
    const auto producer = graph.producer(relu.inputs[0]);
    if (!producer || !can_clamp(graph.node(*producer))) continue;
    graph.node(*producer).attributes["act"] = std::string("relu");
    bypass(graph, id);
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
