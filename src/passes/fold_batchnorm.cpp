// Scales and shifts the output channels of weights instead of the tensor they make.
#include "passes/fold_batchnorm.h"

#include <cmath>

#include "ops/fused.h"
#include "passes/rewrite.h"

namespace thimble::passes {
namespace {

using Floats = std::vector<float>;

// out = in * scale[c] + shift[c]; one entry stands for all channels.
struct Affine {
  Floats scale, shift;
};

// Sums and products with a number are BatchNorms of one entry.
std::optional<Affine> affine_of(const ir::Graph &graph, const ir::Node &node) {
  const bool is_right = node.attributes.count("v") != 0;
  const auto number = static_cast<float>(node.real(is_right ? "v" : "u", 0));
  if (node.op == "BatchNorm")
    return Affine{std::get<Floats>(graph.constant(node.constants[0]).data),
                  std::get<Floats>(graph.constant(node.constants[1]).data)};
  if (node.inputs.size() != 1 || !std::isfinite(number)) return std::nullopt;
  if (node.op == "Add") return Affine{{1}, {number}};
  if (node.op == "Sub") return is_right ? Affine{{1}, {-number}} : Affine{{-1}, {number}};
  if (node.op == "Mul") return Affine{{number}, {0}};
  if (node.op == "Div" && is_right && std::isfinite(1 / number)) return Affine{{1 / number}, {0}};
  return std::nullopt;
}

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
    const auto affine = affine_of(graph, norm);
    if (!affine) continue;
    const auto producer = foldable_producer(graph, norm);
    if (!producer) continue;
    own_constant(graph, *producer, 0);
    own_constant(graph, *producer, 1);  // before both are held on to: it may move them
    const auto &constants = graph.node(*producer).constants;
    scale_outputs(graph.constant(constants[0]), graph.constant(constants[1]), affine->scale,
                  affine->shift);
    for (const auto &[key, value] : norm.attributes)
      if (key.starts_with("act")) graph.node(*producer).attributes[key] = value;
    bypass(graph, id);
  }
  clean_up(graph);
  return graph;
}

}  // namespace thimble::passes
