// Relu and Clip become attributes of their producer.
#include "passes/fuse_activation.h"

#include <algorithm>
#include <cmath>

#include "ops/element_function.h"
#include "ops/fused.h"
#include "ops/operator.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

// Operators that cut what they make: those with sums, and arithmetic of two operands.
bool can_clamp(const ir::Node &node) {
  static constexpr std::string_view kClamping[] = {"Conv2d", "ConvTranspose2d", "Linear",
                                                   "BatchNorm"};
  const auto &function = ops::operator_of(node).function;
  return (std::count(std::begin(kClamping), std::end(kClamping), node.op) != 0 ||
          (function && function->operands == 2)) &&
         !ops::has_limits(node);
}

// The limits that an activation is, as the attributes of the node that takes them in.
std::optional<ir::Attributes> limits_of(const ir::Node &node) {
  if (node.op == "Relu") return ir::Attributes{{"act", std::string("relu")}};
  if (node.op != "Clip") return std::nullopt;
  ir::Attributes limits;
  const double lo = node.real("alpha", 0), hi = node.real("beta", 0);
  if (std::isfinite(lo)) limits["act_min"] = lo;
  if (std::isfinite(hi)) limits["act_max"] = hi;
  return limits;
}

}  // namespace

Result<ir::Graph> fuse_activation(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node activation = graph.node(id);
    const auto limits = limits_of(activation);
    if (!limits || !only_reader(graph, activation.inputs[0])) continue;
    const auto producer = graph.producer(activation.inputs[0]);
    if (!producer || !can_clamp(graph.node(*producer))) continue;
    for (const auto &[key, value] : *limits) graph.node(*producer).attributes[key] = value;
    bypass(graph, id);
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
