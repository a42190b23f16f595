// Scales and shifts the output channels of weights instead of the tensor they make.
#include "passes/fold_batchnorm.h"

#include "ops/fused.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Floats = std::vector<float>;

// The node that makes the BatchNorm's input, if its weights can take the BatchNorm in.
std::optional<ir::NodeId> foldable_producer(const ir::Graph &graph, const ir::Node &norm) {
  const auto producer = graph.producer(norm.inputs[0]);
  if (!producer || !only_reader(graph, norm.inputs[0])) return std::nullopt;
  const ir::Node &node = graph.node(*producer);
  const bool weighted = node.op == "Conv2d" || node.op == "ConvTranspose2d" || node.op == "Linear";
  if (!weighted || node.attributes.count("act") || node.attributes.count("act_min") ||
      node.attributes.count("act_max"))
    return std::nullopt;
  if (graph.constant(node.constants[0]).dtype() != ir::DType::kF32) return std::nullopt;
  return producer;
}

// Output o of the weights (a Linear has one for each pixel and channel) is in channel o % channels.
void scale_outputs(ir::Constant &weight, ir::Constant &bias, const Floats &scale,
                   const Floats &shift) {
  auto &w = std::get<Floats>(weight.data);
  auto &b = std::get<Floats>(bias.data);
  const std::size_t per_output = w.size() / b.size();
  for (std::size_t o = 0; o < b.size(); ++o) {
    const std::size_t c = o % scale.size();
    for (std::size_t i = o * per_output; i < (o + 1) * per_output; ++i) w[i] *= scale[c];
    b[o] = b[o] * scale[c] + shift[c];
  }
}

}  // namespace

Result<ir::Graph> fold_batchnorm(ir::Graph graph) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    const ir::Node norm = graph.node(id);
    if (norm.op != "BatchNorm") continue;
    const auto producer = foldable_producer(graph, norm);
    if (!producer) continue;
    const Floats scale = std::get<Floats>(graph.constant(norm.constants[0]).data);
    const Floats shift = std::get<Floats>(graph.constant(norm.constants[1]).data);
    own_constant(graph, *producer, 0);
    own_constant(graph, *producer, 1);  // before both are held on to: it may move them
    const auto &constants = graph.node(*producer).constants;
    scale_outputs(graph.constant(constants[0]), graph.constant(constants[1]), scale, shift);
    for (const auto &[key, value] : norm.attributes) graph.node(*producer).attributes[key] = value;
    bypass(graph, id);
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
